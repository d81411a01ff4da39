-- Recorded runs that other versions of their workflow are tested with.

create table workflow_tests (
    organization_id  uuid not null,
    workflow_id      uuid not null,
    name             text collate "C" not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$'),
    id               uuid not null,
    run_id           uuid not null,
    workflow_version integer not null check (workflow_version > 0),
    calls            integer not null check (calls >= 0),
    format           integer not null,
    events           bytea not null,
    hidden           bytea not null,
    recorded_by      uuid,
    recorded_at      timestamptz not null,
    primary key (organization_id, workflow_id, name),
    foreign key (organization_id, workflow_id, workflow_version) references workflow_versions (organization_id, workflow_id, version) on delete cascade
);
call internal.protect('workflow_tests', 'tenant', 'organization_id', 'journals of runs, sealed, kept to replay other versions of their workflow, and the texts that are not shown of them');
grant select, insert, update (id, run_id, workflow_version, calls, format, events, hidden, recorded_by, recorded_at), delete on workflow_tests to fluxgate_app;
