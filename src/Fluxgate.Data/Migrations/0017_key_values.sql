-- The key-value store: what workflows keep between runs and share.

create table kv_entries (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    workflow_id     uuid,
    key             text collate "C" not null check (key ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$'),
    allowed_hosts   text[] check (cardinality(allowed_hosts) between 1 and 50),
    value           bytea not null check (octet_length(value) <= 263000),
    version         bigint not null check (version > 0),
    expires_at      timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (organization_id, id),
    -- An entry of the organization is of no workflow; another kind of scope is another column in this key.
    unique nulls not distinct (organization_id, workflow_id, key),
    foreign key (organization_id, workflow_id) references workflows on delete cascade,
    check ((key like 'secret:%') = (allowed_hosts is not null))
);
create index kv_entries_by_scope on kv_entries (organization_id, workflow_id, id);
-- Expired entries are deleted across organizations.
create index kv_entries_expiring on kv_entries (expires_at) where expires_at is not null;
call internal.protect('kv_entries', 'tenant', 'organization_id', 'the key-value store, values sealed; an entry past its time is absent though its row may still be there');
call internal.allow_engine('kv_entries', 'organization_id', 'select, insert, update, delete');
-- What the platform deletes it must find; it never sees a key or a value.
call internal.allow_platform('kv_entries', 'select (organization_id, id, expires_at), delete');
grant select, insert, update (allowed_hosts, value, version, expires_at, created_at, updated_at), delete on kv_entries to fluxgate_app;

create table kv_receipts (
    organization_id uuid not null,
    effect          text collate "C" not null check (length(effect) <= 300),
    id              uuid not null,
    run_id          uuid not null,
    output          bytea not null check (octet_length(output) <= 1000),
    written_at      timestamptz not null,
    primary key (organization_id, effect)
);
call internal.protect('kv_receipts', 'tenant', 'organization_id', 'writes that steps of unfinished runs have made, with their outputs, sealed: the same step finds its write instead of making it again');
call internal.allow_engine('kv_receipts', 'organization_id', 'select, insert');
call internal.allow_platform('kv_receipts', 'select (organization_id, effect, run_id, written_at), delete');
