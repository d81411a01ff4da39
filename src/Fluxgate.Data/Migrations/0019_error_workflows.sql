-- Error workflows: what a run that failed has still to start.

create table error_starts (
    organization_id uuid not null,
    run_id          uuid not null,
    handler_run_id  uuid not null,
    due_at          timestamptz not null,
    primary key (organization_id, run_id)
);
call internal.protect('error_starts', 'tenant', 'organization_id', 'runs that failed and whose error workflow has not started yet, written with their end; the id that the error workflow''s run will have makes it start once');
call internal.allow_engine('error_starts', 'organization_id', 'select, insert, delete');
call internal.allow_platform('error_starts', 'select, update');
