-- What organizations use, and how much of it they may.

create table organization_usage (
    organization_id uuid not null references organizations on delete cascade,
    day             date not null,
    runs            bigint not null,
    primary key (organization_id, day)
);
call internal.protect('organization_usage', 'tenant', 'organization_id', 'runs that began on a day in UTC, written about once a second: what a server had counted when it died is missing');
call internal.allow_platform('organization_usage', 'select, insert, update');
grant select on organization_usage to fluxgate_app;

create table organization_storage (
    organization_id uuid not null references organizations on delete cascade,
    run_bytes       bigint not null,
    primary key (organization_id)
);
call internal.protect('organization_storage', 'tenant', 'organization_id', 'sealed bytes of the journals of runs, written as organization_usage is, and less by what retention deletes');
call internal.allow_platform('organization_storage', 'select, insert, update');
call internal.allow_engine('organization_storage', 'organization_id', 'select, update');
grant select on organization_storage to fluxgate_app;

insert into organization_storage (organization_id, run_bytes)
select organization_id, sum(bytes) from (
    select organization_id, sum(octet_length(events)) as bytes from run_journal where events is not null group by organization_id
    union all
    select organization_id, sum(octet_length(value)) from run_values group by organization_id) stored
group by organization_id;

create table organization_quotas (
    organization_id uuid not null references organizations on delete cascade,
    quota           text not null check (quota in ('runs_a_day', 'stored_bytes', 'kv_bytes', 'members', 'api_keys')),
    most            bigint check (most >= 0),
    primary key (organization_id, quota)
);
call internal.protect('organization_quotas', 'tenant', 'organization_id', 'what an operator has set for an organization instead of the configuration; null is no limit');
call internal.allow_platform('organization_quotas', 'select, insert, update, delete');
call internal.allow_engine('organization_quotas', 'organization_id', 'select');
grant select on organization_quotas to fluxgate_app;

create table quota_notices (
    organization_id uuid not null references organizations on delete cascade,
    quota           text not null,
    level           text not null check (level in ('warning', 'exceeded')),
    day             date not null,
    primary key (organization_id, quota, level, day)
);
call internal.protect('quota_notices', 'tenant', 'organization_id', 'that a quota was nearly or wholly used has been recorded on a day, once');
call internal.allow_platform('quota_notices', 'insert');
call internal.allow_engine('quota_notices', 'organization_id', 'insert');
grant insert on quota_notices to fluxgate_app;
