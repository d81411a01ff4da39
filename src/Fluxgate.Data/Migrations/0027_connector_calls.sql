-- How many calls to a connector's service are under way at once, on all nodes together.

alter table connectors add column max_concurrent_calls integer check (max_concurrent_calls between 1 and 1000);
grant update (max_concurrent_calls) on connectors to fluxgate_app;

create table connector_calls (
    organization_id uuid not null,
    connector_id    uuid not null,
    place           integer not null check (place > 0),
    holder          uuid not null,
    until           timestamptz not null,
    primary key (organization_id, connector_id, place),
    foreign key (organization_id, connector_id) references connectors (organization_id, id) on delete cascade
);
call internal.protect('connector_calls', 'tenant', 'organization_id', 'calls under way to connectors that bound their number; a node that dies leaves its places until their time is over');
call internal.allow_engine('connector_calls', 'organization_id', 'select, insert, update, delete');
