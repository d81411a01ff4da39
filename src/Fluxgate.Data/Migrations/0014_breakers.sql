-- Circuit breakers: what a connector's failures of late mean for its next calls.

alter table connectors add column breaker jsonb check (pg_column_size(breaker) <= 1000);
grant update (breaker) on connectors to fluxgate_app;

create table connector_breakers (
    organization_id uuid not null,
    connector_id    uuid not null,
    state           text collate "C" not null check (state in ('closed', 'open', 'half_open')),
    failures        integer not null check (failures >= 0),
    trials_left     integer not null check (trials_left >= 0),
    trials_passed   integer not null check (trials_passed >= 0),
    until           timestamptz not null,
    primary key (organization_id, connector_id),
    foreign key (organization_id, connector_id) references connectors (organization_id, id) on delete cascade
);
call internal.protect('connector_breakers', 'tenant', 'organization_id', 'circuit breakers that have seen a failure; a connector without a row is closed');
call internal.allow_engine('connector_breakers', 'organization_id', 'select, insert, update, delete');
grant select, delete on connector_breakers to fluxgate_app;
