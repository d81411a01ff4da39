-- Runs of workflows that bound how many of them are under way at once.

create table workflow_lines (
    organization_id uuid not null references organizations on delete cascade,
    workflow_id     uuid not null,
    run_id          uuid not null,
    places          integer not null check (places between 1 and 1000),
    admitted        boolean not null,
    primary key (organization_id, workflow_id, run_id)
);
create index workflow_lines_admitted on workflow_lines (organization_id, workflow_id) where admitted;
create index workflow_lines_waiting on workflow_lines (organization_id, workflow_id, run_id) where not admitted;
call internal.protect('workflow_lines', 'tenant', 'organization_id', 'runs of workflows with max_concurrent_runs: those under way, and those that wait in the order of their ids; one whose work row is gone has ended and counts no longer');
call internal.allow_engine('workflow_lines', 'organization_id', 'select, insert, update, delete');
call internal.allow_platform('workflow_lines', 'select (organization_id, workflow_id, admitted)');
