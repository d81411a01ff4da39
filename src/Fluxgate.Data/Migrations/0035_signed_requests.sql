-- Requests signed by RFC 9421: who signs with what, when a signature is asked for, and the nonces that were used.

create table signing_keys (
    organization_id uuid not null,
    id              uuid not null,
    api_key_id      uuid not null,
    -- What a signature names; the start of the secret, if there is one.
    key_id          text collate "C" not null check (key_id ~ '^fgs_[0-9A-Za-z]{8}$'),
    algorithm       text collate "C" not null check (algorithm in ('hmac_sha256', 'ed25519')),
    secret          bytea check (octet_length(secret) <= 200),
    public_key      bytea check (octet_length(public_key) = 32),
    created_at      timestamptz not null,
    primary key (organization_id, id),
    -- The follower of an API key takes its signing keys over under the same names.
    unique (organization_id, api_key_id, key_id),
    foreign key (organization_id, api_key_id) references api_keys (organization_id, id) on delete cascade,
    check ((algorithm = 'hmac_sha256') = (secret is not null)),
    check ((algorithm = 'ed25519') = (public_key is not null))
);
call internal.protect('signing_keys', 'tenant', 'organization_id', 'what API keys sign their requests with');
call internal.allow_platform('signing_keys', 'select');
grant select, insert, delete on signing_keys to fluxgate_app;
create policy no_reviewer on signing_keys as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

alter table api_keys add column signature_required boolean not null default false;
grant update (signature_required) on api_keys to fluxgate_app;

create table signing_policies (
    organization_id uuid primary key references organizations on delete cascade,
    required        text collate "C" not null check (required in ('by_key', 'changes', 'all')),
    version         integer not null check (version > 0),
    updated_at      timestamptz not null
);
call internal.protect('signing_policies', 'tenant', 'organization_id', 'which requests of keys are to be signed; an organization without a row leaves it to each key');
call internal.allow_platform('signing_policies', 'select');
grant select, insert, update (required, version, updated_at) on signing_policies to fluxgate_app;
create policy no_reviewer on signing_policies as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

-- Written by whoever checks a signature, before any organization's request goes on, and read by nobody else. Without a
-- reference to the organization, whose row every request would lock; what is left of one that went is swept away.
create table request_nonces (
    organization_id uuid not null,
    api_key_id      uuid not null,
    nonce           text collate "C" not null check (length(nonce) between 16 and 64),
    valid_until     timestamptz not null,
    primary key (organization_id, api_key_id, nonce)
);
create index request_nonces_by_end on request_nonces (valid_until);
call internal.protect('request_nonces', 'tenant', 'organization_id', 'nonces of signed requests until they cannot be valid any more');
-- To pass over rows that another node deletes it has to lock them, and that asks for an update of some column.
call internal.allow_platform('request_nonces', 'select, insert, update (valid_until), delete');
