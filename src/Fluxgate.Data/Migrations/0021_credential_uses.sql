-- What credentials were opened for.

create table credential_uses (
    organization_id uuid not null,
    id              uuid not null,
    credential_id   uuid not null,
    workflow_id     uuid not null,
    node            text collate "C" not null check (length(node) <= 100),
    host            text collate "C" not null check (length(host) <= 300),
    uses            bigint not null check (uses > 0),
    secret_version  integer not null check (secret_version > 0),
    first_used_at   timestamptz not null,
    last_used_at    timestamptz not null,
    last_run_id     uuid not null,
    primary key (organization_id, id),
    unique (organization_id, credential_id, workflow_id, node, host),
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade
);
call internal.protect('credential_uses', 'tenant', 'organization_id', 'what credentials were opened for: workflow, step and host, how often, by which run last');
call internal.allow_engine('credential_uses', 'organization_id', 'select, insert, update');
grant select on credential_uses to fluxgate_app;
