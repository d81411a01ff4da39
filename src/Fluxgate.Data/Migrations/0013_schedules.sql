-- Schedules: when workflows start by themselves.

create table schedules (
    organization_id uuid not null,
    workflow_id     uuid not null,
    next_at         timestamptz not null,
    due_at          timestamptz not null,
    last_run_id     uuid,
    primary key (organization_id, workflow_id),
    foreign key (organization_id, workflow_id) references workflows on delete cascade
);
-- Due schedules are claimed across organizations, earliest first.
create index schedules_due on schedules (due_at);
call internal.protect('schedules', 'tenant', 'organization_id', 'a row while a scheduled workflow is published or paused: its next time, and when a node looks at it (a claim moves that ahead, so that a crash only delays; infinity: paused)');
call internal.allow_engine('schedules', 'organization_id', 'select, update');
call internal.allow_platform('schedules', 'select, update');
grant select, insert, update, delete on schedules to fluxgate_app;
