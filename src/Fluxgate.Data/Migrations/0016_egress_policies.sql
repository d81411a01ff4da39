-- What an organization lets its own outside calls reach, within what the installation allows.

create table egress_policies (
    organization_id uuid primary key references organizations on delete cascade,
    mode            text collate "C" not null check (mode in ('open', 'allow_list')),
    allow           text[] not null check (cardinality(allow) <= 200 and pg_column_size(allow) <= 65536),
    version         integer not null check (version > 0),
    updated_at      timestamptz not null
);
call internal.protect('egress_policies', 'tenant', 'organization_id', 'what an organization lets its calls reach; one without a row takes nothing away');
call internal.allow_engine('egress_policies', 'organization_id', 'select');
grant select, insert, update (mode, allow, version, updated_at) on egress_policies to fluxgate_app;
