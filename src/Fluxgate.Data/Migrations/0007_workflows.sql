-- Workflows: one row a workflow with its draft, one row a published version.

create table workflows (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text not null check (length(name) between 1 and 200),
    name_norm       text collate "C" not null,
    state           text not null check (state in ('draft', 'published', 'paused', 'archived')),
    draft           bytea,
    draft_format    text check (draft_format in ('json', 'yaml')),
    published_version integer,
    revision        integer not null,
    created_by      uuid,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (organization_id, id)
);
create unique index workflows_by_name on workflows (organization_id, name_norm) where state <> 'archived';
call internal.protect('workflows', 'tenant', 'organization_id', 'workflows; the draft is sealed text as written, null once published and until edited again');
call internal.allow_engine('workflows', 'organization_id', 'select');
grant select, insert, update on workflows to fluxgate_app;

create table workflow_versions (
    organization_id uuid not null,
    workflow_id     uuid not null,
    version         integer not null check (version > 0),
    document        bytea not null,
    document_format text not null check (document_format in ('json', 'yaml')),
    sha256          bytea not null,
    published_by    uuid,
    published_at    timestamptz not null,
    primary key (organization_id, workflow_id, version),
    foreign key (organization_id, workflow_id) references workflows on delete cascade
);
call internal.protect('workflow_versions', 'tenant', 'organization_id', 'published versions, never changed; documents are sealed');
call internal.allow_engine('workflow_versions', 'organization_id', 'select');
grant select, insert on workflow_versions to fluxgate_app;

create table webhook_routes (
    organization_id uuid not null,
    path            text collate "C" not null,
    method          text not null,
    workflow_id     uuid not null,
    primary key (organization_id, path, method),
    foreign key (organization_id, workflow_id) references workflows on delete cascade
);
create index webhook_routes_by_workflow on webhook_routes (organization_id, workflow_id);
call internal.protect('webhook_routes', 'tenant', 'organization_id', 'addresses of ours that start runs; there is a row while the workflow is published');
call internal.allow_engine('webhook_routes', 'organization_id', 'select');
grant select, insert, delete on webhook_routes to fluxgate_app;
