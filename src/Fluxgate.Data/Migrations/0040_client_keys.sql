-- Publishable keys: pages of listed origins start workflows that are marked public.

create table client_keys (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text not null check (length(name) between 1 and 100),
    -- In the clear: it stands in a page that anybody reads.
    key             text collate "C" not null check (length(key) = 62),
    origins         text[] not null check (cardinality(origins) between 1 and 20),
    -- Requests a minute; null is what the installation takes.
    a_minute        bigint check (a_minute between 1 and 10000000),
    created_by      uuid,
    created_at      timestamptz not null,
    revoked_at      timestamptz,
    revision        integer not null check (revision > 0),
    primary key (organization_id, id)
);
create unique index client_keys_by_key on client_keys (key);
call internal.protect('client_keys', 'tenant', 'organization_id', 'publishable keys of pages, with the origins that they are taken from');
call internal.allow_platform('client_keys', 'select');
grant select, insert, update (name, origins, a_minute, revoked_at, revision) on client_keys to fluxgate_app;
create policy no_reviewer on client_keys as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

alter table request_log add column client_key_id uuid;

alter table rate_limits drop constraint rate_limits_limit_name_check;
alter table rate_limits add check (limit_name in ('address', 'user', 'key', 'client_key', 'organization', 'governance', 'governance_hour'));
