-- Limits of requests a minute: what is used of them, what an organization lowers, and who went over.

-- Unlogged: after a crash or a failover everybody's limit is whole again, and no request waits for the disk.
create unlogged table rate_limits (
    subject_id uuid not null,
    limit_name text collate "C" not null check (limit_name in ('address', 'user', 'key', 'organization', 'governance', 'governance_hour')),
    quota      bigint not null check (quota > 0),
    taken_at   bigint not null,
    before     bigint not null,
    arrival    bigint not null,
    primary key (subject_id, limit_name)
) with (fillfactor = 70);
call internal.protect('rate_limits', 'platform', 'subject_id', 'the theoretical arrival time of a subject at a limit, and what the last taking was decided from; times are microseconds of PostgreSQL''s clock');
call internal.allow_platform('rate_limits', 'select, insert, update, delete');

create table organization_limits (
    organization_id       uuid primary key references organizations on delete cascade,
    organization_a_minute bigint check (organization_a_minute between 60 and 10000000),
    key_a_minute          bigint check (key_a_minute between 1 and 10000000),
    version               integer not null check (version > 0),
    updated_at            timestamptz not null
);
call internal.protect('organization_limits', 'tenant', 'organization_id', 'limits that an organization has lowered for itself; null is the installation''s');
call internal.allow_platform('organization_limits', 'select');
grant select, insert, update (organization_a_minute, key_a_minute, version, updated_at) on organization_limits to fluxgate_app;
create policy no_reviewer on organization_limits as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

create table limit_violations (
    organization_id uuid not null references organizations on delete cascade,
    limit_name      text collate "C" not null check (length(limit_name) <= 30),
    subject_id      uuid not null,
    hour            timestamptz not null,
    refused         bigint not null,
    primary key (organization_id, limit_name, subject_id, hour)
);
call internal.protect('limit_violations', 'tenant', 'organization_id', 'requests refused by a limit in an hour, kept for a day');
call internal.allow_platform('limit_violations', 'select, insert, update, delete');
grant select on limit_violations to fluxgate_app;
create policy no_reviewer on limit_violations as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');
