-- Runs: the journal is the truth; the run row is its snapshot for lists; the work row is what a node claims.

create table cluster_nodes (
    id              uuid primary key,
    lock_key        bigint not null unique,
    started_at      timestamptz not null,
    heartbeat_at    timestamptz not null
);
call internal.protect('cluster_nodes', 'platform', null, 'running servers; each holds the advisory lock of its row, and whoever can take that lock knows the server is gone');
call internal.allow_platform('cluster_nodes', 'select, insert, update, delete');

create table runs (
    organization_id uuid not null,
    id              uuid not null,
    workflow_id     uuid not null,
    workflow_version integer not null,
    status          text not null,
    trigger_type    text not null,
    started_at      timestamptz not null,
    finished_at     timestamptz,
    error_code      text,
    append_no       integer not null,
    primary key (organization_id, id)
) partition by range (id);
create table runs_rest partition of runs default;
alter table runs_rest enable row level security;
comment on table runs_rest is 'partition: rows of months whose partition is not made yet';
create index runs_by_workflow on runs (organization_id, workflow_id, id);
call internal.protect('runs', 'tenant', 'organization_id', 'snapshot of each run, written by its engine only');
call internal.allow_engine('runs', 'organization_id', 'select, insert, update');
grant select on runs to fluxgate_app;

create table run_journal (
    organization_id uuid not null,
    run_id          uuid not null,
    append_no       integer not null check (append_no > 0),
    append_id       uuid not null,
    format          integer not null,
    events          bytea,
    value_id        uuid,
    written_at      timestamptz not null,
    primary key (organization_id, run_id, append_no),
    check ((events is null) <> (value_id is null))
) partition by range (run_id);
create table run_journal_rest partition of run_journal default;
alter table run_journal_rest enable row level security;
comment on table run_journal_rest is 'partition: rows of months whose partition is not made yet';
call internal.protect('run_journal', 'tenant', 'organization_id', 'the events of runs, sealed; the primary key is the fence between two nodes that both believe to own a run');
call internal.allow_engine('run_journal', 'organization_id', 'select, insert');
grant select on run_journal to fluxgate_app;

create table run_values (
    organization_id uuid not null,
    run_id          uuid not null,
    id              uuid not null,
    value           bytea not null,
    primary key (organization_id, run_id, id)
) partition by range (run_id);
create table run_values_rest partition of run_values default;
alter table run_values_rest enable row level security;
comment on table run_values_rest is 'partition: rows of months whose partition is not made yet';
call internal.protect('run_values', 'tenant', 'organization_id', 'events of large appends, sealed: written before the append that refers to them, so that a shared commit stays small');
call internal.allow_engine('run_values', 'organization_id', 'select, insert');
grant select on run_values to fluxgate_app;

create table run_work (
    organization_id uuid not null,
    run_id          uuid not null,
    node_id         uuid,
    due_at          timestamptz not null,
    primary key (organization_id, run_id)
);
create index run_work_unowned on run_work (organization_id, due_at) where node_id is null;
create index run_work_by_node on run_work (node_id) where node_id is not null;
call internal.protect('run_work', 'tenant', 'organization_id', 'runs that are not finished: who has them, and when they go on by themselves (infinity: only by a signal)');
call internal.allow_engine('run_work', 'organization_id', 'select, insert, update, delete');
call internal.allow_platform('run_work', 'select, update');

create table work_turns (
    organization_id uuid primary key,
    served_at       timestamptz not null
);
call internal.protect('work_turns', 'platform', null, 'when an organization''s waiting runs were last served, so that turns are fair');
call internal.allow_platform('work_turns', 'select, insert, update');

create table run_signals (
    organization_id uuid not null,
    run_id          uuid not null,
    id              uuid not null,
    payload         bytea not null,
    created_at      timestamptz not null,
    primary key (organization_id, run_id, id)
);
call internal.protect('run_signals', 'tenant', 'organization_id', 'what requests tell runs (decisions, cancellation), sealed; deleted by the append that takes it');
call internal.allow_engine('run_signals', 'organization_id', 'select, delete');
call internal.allow_platform('run_signals', 'select, delete');
grant select, insert on run_signals to fluxgate_app;

create table trigger_receipts (
    organization_id uuid not null,
    workflow_id     uuid not null,
    dedup_key       text collate "C" not null check (length(dedup_key) <= 200),
    run_id          uuid not null,
    body_hash       bytea not null,
    received_at     timestamptz not null,
    primary key (organization_id, workflow_id, dedup_key)
);
call internal.protect('trigger_receipts', 'tenant', 'organization_id', 'deliveries and idempotency keys that have started a run, so that a repeat finds that run');
call internal.allow_engine('trigger_receipts', 'organization_id', 'select, insert');
grant select on trigger_receipts to fluxgate_app;
