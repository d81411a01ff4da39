-- Reviews: pauses for a person.

create table reviews (
    organization_id uuid not null,
    id              uuid not null,
    run_id          uuid not null,
    workflow_id     uuid not null,
    node            text not null,
    state           text not null check (state in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
    content         bytea not null,
    content_sha256  bytea not null,
    approvers       text[] not null,
    created_at      timestamptz not null,
    expires_at      timestamptz,
    decided_at      timestamptz,
    decided_by      uuid,
    decided_label   text,
    comment         bytea,
    primary key (organization_id, id)
);
create index reviews_by_state on reviews (organization_id, state, id);
create index reviews_by_run on reviews (organization_id, run_id);
call internal.protect('reviews', 'tenant', 'organization_id', 'what people are asked to decide; title and content sealed, with the hash that a decision is bound to');
call internal.allow_engine('reviews', 'organization_id', 'select, insert, update');
grant select, update (state, decided_at, decided_by, decided_label, comment) on reviews to fluxgate_app;

create table groups (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text not null check (length(name) between 1 and 200),
    name_norm       text collate "C" not null,
    created_at      timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name_norm)
);
call internal.protect('groups', 'tenant', 'organization_id', 'named sets of members');
grant select, insert, update (name, name_norm), delete on groups to fluxgate_app;

create table group_members (
    organization_id uuid not null,
    group_id        uuid not null,
    user_id         uuid not null,
    primary key (organization_id, group_id, user_id),
    foreign key (organization_id, group_id) references groups on delete cascade,
    foreign key (organization_id, user_id) references members on delete cascade
);
create index group_members_by_user on group_members (organization_id, user_id);
call internal.protect('group_members', 'tenant', 'organization_id', 'who is in a group');
grant select, insert, delete on group_members to fluxgate_app;
