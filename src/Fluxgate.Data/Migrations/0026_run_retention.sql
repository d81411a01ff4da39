-- How long runs are kept, and the end of receipts.

create table run_retention (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    workflow_id     uuid generated always as (case when id <> organization_id then id end) stored,
    max_age_days    integer check (max_age_days > 0),
    max_count       integer check (max_count > 0),
    min_count       integer not null check (min_count >= 0),
    updated_at      timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, workflow_id) references workflows on delete cascade,
    check (max_age_days is not null or max_count is not null),
    check (max_count is null or min_count <= max_count)
);
call internal.protect('run_retention', 'tenant', 'organization_id', 'how long runs are kept: of the workflow of that id, or (the organization''s id) of all of its workflows without a policy of their own');
call internal.allow_engine('run_retention', 'organization_id', 'select');
call internal.allow_platform('run_retention', 'select (organization_id)');
grant select, insert, update (max_age_days, max_count, min_count, updated_at), delete on run_retention to fluxgate_app;

grant delete on runs, run_journal, run_values to fluxgate_engine;

-- Receipts come in the order of their time, so that an index of ranges tells the old ones, and costs a start nothing.
create index trigger_receipts_by_time on trigger_receipts using brin (received_at) with (pages_per_range = 16);
call internal.allow_platform('trigger_receipts', 'select (organization_id, workflow_id, dedup_key, received_at), delete');
