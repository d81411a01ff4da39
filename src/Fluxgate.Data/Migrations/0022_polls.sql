-- Polls: feeds and mailboxes that are looked into for what starts a workflow.

create table polls (
    organization_id uuid not null,
    workflow_id     uuid not null,
    source          bytea not null check (octet_length(source) = 32),
    state           bytea check (octet_length(state) <= 200000),
    due_at          timestamptz not null,
    next_at         timestamptz not null,
    looked_at       timestamptz,
    failures        integer not null default 0 check (failures >= 0),
    error_code      text check (length(error_code) <= 100),
    error_message   bytea check (octet_length(error_message) <= 5000),
    primary key (organization_id, workflow_id),
    foreign key (organization_id, workflow_id) references workflows on delete cascade
);
-- Due polls are claimed across organizations, earliest first.
create index polls_due on polls (due_at);
call internal.protect('polls', 'tenant', 'organization_id', 'a row while a workflow with a feed or mailbox is published or paused: what was seen of which source (sealed), and when a node looks again (a claim moves that ahead, so that a crash only delays; infinity: paused)');
call internal.allow_engine('polls', 'organization_id', 'select, update');
call internal.allow_platform('polls', 'select (organization_id, workflow_id, due_at, next_at), update (due_at)');
grant select, insert, update, delete on polls to fluxgate_app;
