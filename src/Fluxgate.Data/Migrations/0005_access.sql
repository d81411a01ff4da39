-- API keys, invitations, and what sign-in needs beside them.

create table api_keys (
    organization_id     uuid not null references organizations on delete cascade,
    id                  uuid not null,
    name                text not null check (length(name) between 1 and 100),
    prefix              text collate "C" not null check (length(prefix) = 12),
    key_hash            bytea not null check (length(key_hash) = 32),
    pepper_version      integer not null,
    scopes              text[] not null check (cardinality(scopes) between 1 and 100),
    created_by          uuid,
    created_at          timestamptz not null,
    expires_at          timestamptz not null,
    revoked_at          timestamptz,
    last_used_at        timestamptz,
    last_used_network   text,
    primary key (organization_id, id)
);
create unique index api_keys_prefix on api_keys (prefix);
call internal.protect('api_keys', 'tenant', 'organization_id', 'keys of programs: the prefix to find one by, the keyed hash of the whole to compare with');
call internal.allow_platform('api_keys', 'select, insert, update (last_used_at, last_used_network)');
grant select, insert, update (revoked_at) on api_keys to fluxgate_app;

create table invitations (
    organization_id     uuid not null references organizations on delete cascade,
    id                  uuid not null,
    email               text not null check (length(email) between 3 and 254),
    email_norm          text collate "C" not null,
    roles               text[] not null check (cardinality(roles) between 1 and 20),
    token_hash          bytea not null,
    invited_by          uuid,
    created_at          timestamptz not null,
    expires_at          timestamptz not null,
    accepted_at         timestamptz,
    revoked_at          timestamptz,
    primary key (organization_id, id)
);
create unique index invitations_token on invitations (token_hash);
-- One open invitation an address: a new one replaces it, so that a forgotten link does not stay good.
create unique index invitations_open on invitations (organization_id, email_norm) where accepted_at is null and revoked_at is null;
call internal.protect('invitations', 'tenant', 'organization_id', 'who may join with which roles; tokens as hashes');
call internal.allow_platform('invitations', 'select, update (accepted_at)');
grant select, insert, update (accepted_at, revoked_at) on invitations to fluxgate_app;

-- Sign-in, set-up and joining happen before or across organizations, so the platform's role records them.
call internal.allow_platform('audit_events', 'insert');
grant insert on audit_queue to fluxgate_platform;

-- The migrator's own table predates internal.protect.
call internal.protect('schema_migrations', 'platform', null, 'which migrations were applied, with the hash of their text');
