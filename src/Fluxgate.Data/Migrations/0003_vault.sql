-- Wrapped keys. The root key that opens them is never in the database.

create table organization_keys (
    organization_id uuid not null references organizations on delete cascade,
    kind            text collate "C" not null check (kind in ('key_encryption', 'data')),
    version         integer not null check (version > 0),
    id              uuid not null,
    state           text collate "C" not null check (state in ('active', 'decrypt_only', 'retired')),
    wrapped_by      integer not null check (wrapped_by > 0),
    wrapped         bytea not null,
    created_at      timestamptz not null,
    primary key (organization_id, kind, version)
);
create unique index organization_keys_active on organization_keys (organization_id, kind) where state = 'active';
call internal.protect('organization_keys', 'tenant', 'organization_id', 'key-encryption keys wrapped by the root key (wrapped_by is its version), data keys wrapped by those; requests never read them, the vault does as engine');
call internal.allow_engine('organization_keys', 'organization_id', 'select, insert');

create table installation_keys (
    kind            text collate "C" not null check (length(kind) between 1 and 50),
    version         integer not null check (version > 0),
    id              uuid not null,
    state           text collate "C" not null check (state in ('active', 'decrypt_only', 'retired')),
    wrapped_by      integer not null check (wrapped_by > 0),
    wrapped         bytea not null,
    created_at      timestamptz not null,
    primary key (kind, version)
);
create unique index installation_keys_active on installation_keys (kind) where state = 'active';
call internal.protect('installation_keys', 'platform', null, 'the installation''s key-encryption key wrapped by the root key, and its secrets wrapped by that');
call internal.allow_platform('installation_keys', 'select, insert');
