-- Accounts that people connect in the browser, by a credential that is a client of their provider.

alter table credentials drop constraint credentials_type_check;
alter table credentials add constraint credentials_type_check
    check (type in ('api_key', 'bearer', 'basic', 'hmac', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls', 'standard_webhooks', 'oauth2'));

alter table connectors drop constraint connectors_authentication_check;
alter table connectors add constraint connectors_authentication_check
    check (authentication in ('none', 'api_key', 'bearer', 'basic', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls', 'oidc_user'));
alter table connectors add column account_user_id uuid;
alter table connectors add constraint connectors_account_check check (account_user_id is null or authentication = 'oidc_user');
grant update (account_user_id) on connectors to fluxgate_app;

create table credential_accounts (
    organization_id uuid not null,
    id              uuid not null,
    credential_id   uuid not null,
    user_id         uuid not null,
    secret_version  integer not null check (secret_version > 0),
    access_token    bytea not null check (length(access_token) <= 20000),
    refresh_token   bytea check (length(refresh_token) <= 20000),
    scope           text check (length(scope) <= 2000),
    refresh_at      timestamptz not null,
    expires_at      timestamptz not null,
    broken          boolean not null,
    lease           uuid,
    lease_until     timestamptz,
    connected_at    timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, credential_id, user_id),
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade,
    foreign key (organization_id, user_id) references members (organization_id, user_id) on delete cascade
);
create index credential_accounts_by_user on credential_accounts (organization_id, user_id);
call internal.protect('credential_accounts', 'tenant', 'organization_id', 'accounts that members connected by a credential, with their sealed tokens; gone with the member');
call internal.allow_engine('credential_accounts', 'organization_id', 'select, update');
grant select, insert, delete on credential_accounts to fluxgate_app;

create table credential_authorizations (
    organization_id uuid not null,
    id              uuid not null,
    state_hash      bytea not null check (length(state_hash) = 32),
    credential_id   uuid not null,
    user_id         uuid not null,
    session_id      uuid not null,
    verifier        bytea not null check (length(verifier) <= 500),
    expires_at      timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, state_hash),
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade
);
create index credential_authorizations_by_credential on credential_authorizations (organization_id, credential_id);
call internal.protect('credential_authorizations', 'tenant', 'organization_id', 'connections of accounts that are under way in a browser; each is redeemed once, within minutes');
grant select, insert, delete on credential_authorizations to fluxgate_app;
