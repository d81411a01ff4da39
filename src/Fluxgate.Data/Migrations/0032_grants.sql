-- Who reaches which workflow, connector and credential: folders, custom roles, roles of groups, grants.

create table roles (
    organization_id uuid not null references organizations on delete cascade,
    name            text collate "C" not null check (name ~ '^[a-z][a-z0-9_]{0,49}$'),
    description     text not null check (length(description) <= 500),
    permissions     text[] not null check (cardinality(permissions) <= 100),
    revision        integer not null,
    created_at      timestamptz not null,
    primary key (organization_id, name)
);
call internal.protect('roles', 'tenant', 'organization_id', 'roles that an organization made itself; members and groups name them');
call internal.allow_platform('roles', 'select');
grant select, insert, update (description, permissions, revision), delete on roles to fluxgate_app;

alter table groups add column roles text[] not null default '{}' check (cardinality(roles) <= 20);
grant update (roles) on groups to fluxgate_app;
call internal.allow_platform('groups', 'select');
call internal.allow_platform('group_members', 'select');

create table folders (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text not null check (length(name) between 1 and 200),
    name_norm       text collate "C" not null,
    revision        integer not null,
    created_at      timestamptz not null,
    primary key (organization_id, id)
);
create unique index folders_by_name on folders (organization_id, name_norm);
call internal.protect('folders', 'tenant', 'organization_id', 'groups of workflows, whose grants they inherit');
call internal.allow_engine('folders', 'organization_id', 'select');
grant select, insert, update (name, name_norm, revision), delete on folders to fluxgate_app;

-- A folder with workflows cannot be deleted: what it keeps to some would be everybody's.
alter table workflows add column folder_id uuid;
alter table workflows add foreign key (organization_id, folder_id) references folders (organization_id, id);
create index workflows_by_folder on workflows (organization_id, folder_id) where folder_id is not null;

-- A row: only whom grants name reaches the resource. No row: everybody whose role allows it does.
create table restrictions (
    organization_id uuid not null references organizations on delete cascade,
    resource_id     uuid not null generated always as (coalesce(workflow_id, folder_id, connector_id, credential_id)) stored,
    workflow_id     uuid,
    folder_id       uuid,
    connector_id    uuid,
    credential_id   uuid,
    primary key (organization_id, resource_id),
    check (num_nonnulls(workflow_id, folder_id, connector_id, credential_id) = 1),
    foreign key (organization_id, workflow_id) references workflows (organization_id, id) on delete cascade,
    foreign key (organization_id, folder_id) references folders (organization_id, id) on delete cascade,
    foreign key (organization_id, connector_id) references connectors (organization_id, id) on delete cascade,
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade
);
call internal.protect('restrictions', 'tenant', 'organization_id', 'resources that only those reach whom a grant names');
call internal.allow_platform('restrictions', 'select');
grant select, insert (organization_id, workflow_id, folder_id, connector_id, credential_id), delete on restrictions to fluxgate_app;

create table grants (
    organization_id uuid not null references organizations on delete cascade,
    resource_id     uuid not null generated always as (coalesce(workflow_id, folder_id, connector_id, credential_id)) stored,
    subject_id      uuid not null generated always as (coalesce(user_id, group_id, api_key_id)) stored,
    workflow_id     uuid,
    folder_id       uuid,
    connector_id    uuid,
    credential_id   uuid,
    user_id         uuid,
    group_id        uuid,
    api_key_id      uuid,
    rights          text[] not null check (cardinality(rights) > 0 and rights <@ array['view', 'edit', 'run', 'use']),
    primary key (organization_id, resource_id, subject_id),
    check (num_nonnulls(workflow_id, folder_id, connector_id, credential_id) = 1),
    check (num_nonnulls(user_id, group_id, api_key_id) = 1),
    foreign key (organization_id, workflow_id) references workflows (organization_id, id) on delete cascade,
    foreign key (organization_id, folder_id) references folders (organization_id, id) on delete cascade,
    foreign key (organization_id, connector_id) references connectors (organization_id, id) on delete cascade,
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade,
    foreign key (organization_id, user_id) references members (organization_id, user_id) on delete cascade,
    foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
    foreign key (organization_id, api_key_id) references api_keys (organization_id, id) on delete cascade
);
create index grants_by_subject on grants (organization_id, subject_id);
call internal.protect('grants', 'tenant', 'organization_id', 'rights of members, groups and API keys on single workflows, folders, connectors and credentials');
grant select, insert (organization_id, workflow_id, folder_id, connector_id, credential_id, user_id, group_id, api_key_id, rights), delete on grants to fluxgate_app;

-- Raised by every change of a resource's access, so that two who change it at once do not overwrite each other.
create table access_revisions (
    organization_id uuid not null references organizations on delete cascade,
    resource_id     uuid not null,
    revision        integer not null,
    primary key (organization_id, resource_id)
);
call internal.protect('access_revisions', 'tenant', 'organization_id', 'how often who reaches a resource was changed');
grant select, insert, update (revision) on access_revisions to fluxgate_app;

-- Who only reviews has a session that PostgreSQL itself keeps to the inbox: whatever a handler asks, these tables are empty.
create or replace function auth.role() returns text
    language sql stable parallel safe
    as $$ select case
        when current_setting('fluxgate.reviewer', true) = 'on' then 'reviewer'
        when auth.organization_id() is not null and auth.uid() is not null then 'member'
        when auth.organization_id() is not null then 'key'
        when auth.uid() is not null then 'person'
        else 'none' end $$;

do $$
declare name text;
begin
    foreach name in array array['workflow_versions', 'webhook_routes', 'runs', 'run_journal', 'run_values', 'connectors', 'credentials', 'kv_entries',
        'api_keys', 'invitations', 'webhook_endpoints', 'deliveries', 'delivery_attempts', 'roles', 'grants', 'restrictions', 'egress_policies', 'workflow_tests', 'credential_uses']
    loop
        execute format('create policy no_reviewer on %I as restrictive to fluxgate_app using ((select auth.role()) <> ''reviewer'')', name);
    end loop;
end $$;
