-- Outgoing webhooks: endpoints, events on their way (outbox), one delivery for each event and endpoint, each attempt.

create table webhook_endpoints (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text not null check (length(name) between 1 and 200),
    url             text not null check (length(url) <= 2000),
    event_types     text[] not null check (cardinality(event_types) between 1 and 100),
    secret          bytea not null,
    enabled         boolean not null,
    revision        integer not null,
    created_at      timestamptz not null,
    primary key (organization_id, id)
);
call internal.protect('webhook_endpoints', 'tenant', 'organization_id', 'where an organization''s events are sent; signing secrets sealed');
call internal.allow_engine('webhook_endpoints', 'organization_id', 'select');
grant select, insert, update, delete on webhook_endpoints to fluxgate_app;

create table outbox (
    organization_id uuid not null,
    id              uuid not null,
    event_type      text not null,
    payload         bytea not null,
    created_at      timestamptz not null,
    primary key (organization_id, id)
);
call internal.protect('outbox', 'tenant', 'organization_id', 'events that were recorded and not yet handed to the endpoints that want them; payloads sealed');
call internal.allow_engine('outbox', 'organization_id', 'select, insert, delete');
call internal.allow_platform('outbox', 'select');
grant insert on outbox to fluxgate_app;

create table deliveries (
    organization_id uuid not null,
    id              uuid not null,
    endpoint_id     uuid not null,
    event_id        uuid not null,
    event_type      text not null,
    payload         bytea not null,
    state           text not null check (state in ('pending', 'succeeded', 'failed')),
    attempts        integer not null,
    created_at      timestamptz not null,
    finished_at     timestamptz,
    primary key (organization_id, id)
) partition by range (id);
create table deliveries_rest partition of deliveries default;
alter table deliveries_rest enable row level security;
comment on table deliveries_rest is 'partition: rows of months whose partition is not made yet';
create index deliveries_by_endpoint on deliveries (organization_id, endpoint_id, id);
call internal.protect('deliveries', 'tenant', 'organization_id', 'one event to one endpoint; payloads sealed');
call internal.allow_engine('deliveries', 'organization_id', 'select, insert, update');
grant select on deliveries to fluxgate_app;

create table delivery_attempts (
    organization_id uuid not null,
    delivery_id     uuid not null,
    attempt         integer not null,
    started_at      timestamptz not null,
    duration_ms     integer not null,
    status          integer,
    error_code      text,
    response        bytea,
    primary key (organization_id, delivery_id, attempt)
) partition by range (delivery_id);
create table delivery_attempts_rest partition of delivery_attempts default;
alter table delivery_attempts_rest enable row level security;
comment on table delivery_attempts_rest is 'partition: rows of months whose partition is not made yet';
call internal.protect('delivery_attempts', 'tenant', 'organization_id', 'each HTTP try of a delivery; response bodies sealed');
call internal.allow_engine('delivery_attempts', 'organization_id', 'select, insert');
grant select on delivery_attempts to fluxgate_app;

create table delivery_work (
    organization_id uuid not null,
    delivery_id     uuid not null,
    due_at          timestamptz not null,
    primary key (organization_id, delivery_id)
);
create index delivery_work_due on delivery_work (due_at);
call internal.protect('delivery_work', 'tenant', 'organization_id', 'deliveries that are not finished; a claim moves due_at ahead, so that a crash only delays');
call internal.allow_engine('delivery_work', 'organization_id', 'select, insert, update, delete');
call internal.allow_platform('delivery_work', 'select, update');
