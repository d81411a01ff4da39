-- Credentials and the connectors that use them.

create table credentials (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text collate "C" not null check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    description     text not null check (length(description) <= 1000),
    type            text collate "C" not null check (type in ('api_key', 'bearer', 'basic', 'hmac')),
    allowed_hosts   text[] not null check (cardinality(allowed_hosts) between 1 and 50),
    secret          bytea not null,
    secret_version  integer not null check (secret_version > 0),
    version         integer not null check (version > 0),
    created_by      uuid,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name)
);
call internal.protect('credentials', 'tenant', 'organization_id', 'secrets for outside services, sealed; the hosts that each may go to');
call internal.allow_engine('credentials', 'organization_id', 'select');
grant select, insert, update (description, allowed_hosts, secret, secret_version, version, updated_at), delete on credentials to fluxgate_app;

create table connectors (
    organization_id     uuid not null references organizations on delete cascade,
    id                  uuid not null,
    name                text collate "C" not null check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    description         text not null check (length(description) <= 1000),
    base_url            text not null check (length(base_url) <= 2000),
    authentication      text collate "C" not null check (authentication in ('none', 'api_key', 'bearer', 'basic')),
    credential_id       uuid,
    endpoints           jsonb not null,
    version             integer not null check (version > 0),
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name),
    foreign key (organization_id, credential_id) references credentials (organization_id, id),
    check ((authentication = 'none') = (credential_id is null))
);
create index connectors_by_credential on connectors (organization_id, credential_id) where credential_id is not null;
call internal.protect('connectors', 'tenant', 'organization_id', 'outside services: where, which endpoints, which credential');
call internal.allow_engine('connectors', 'organization_id', 'select');
grant select, insert, update (description, base_url, authentication, credential_id, endpoints, version, updated_at), delete on connectors to fluxgate_app;
