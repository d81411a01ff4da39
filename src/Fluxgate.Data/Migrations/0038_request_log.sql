-- Every request of a key or member, to trace a watermark by and to see what a key does.

create table request_log (
    organization_id uuid not null,
    -- Its time is the request's; the watermark of the answer holds it.
    id              uuid not null,
    api_key_id      uuid,
    user_id         uuid,
    method          text collate "C" not null check (length(method) <= 20),
    -- The route's name. Which resource it was is in the hash alone: whoever knows the path can find it.
    operation       text collate "C" check (length(operation) <= 100),
    path_hash       bytea not null check (octet_length(path_hash) = 32),
    status          integer not null,
    duration_ms     integer not null,
    network         text check (length(network) <= 64),
    user_agent      text check (length(user_agent) <= 200),
    primary key (organization_id, id)
) partition by range (id);
create table request_log_rest partition of request_log default;
alter table request_log_rest enable row level security;
comment on table request_log_rest is 'partition: rows of months whose partition is not made yet';
create index request_log_by_key on request_log (organization_id, api_key_id, id) where api_key_id is not null;
call internal.protect('request_log', 'tenant', 'organization_id', 'requests of keys and members: route, status, network; no values');
call internal.allow_platform('request_log', 'select (organization_id, id), insert, delete');
grant select on request_log to fluxgate_app;
create policy no_reviewer on request_log as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');
