-- More ways for a connector to sign in: tokens of authorization servers, signatures, client certificates; and private authorities.

alter table credentials drop constraint credentials_type_check;
alter table credentials add constraint credentials_type_check
    check (type in ('api_key', 'bearer', 'basic', 'hmac', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls'));

alter table connectors drop constraint connectors_authentication_check;
alter table connectors add constraint connectors_authentication_check
    check (authentication in ('none', 'api_key', 'bearer', 'basic', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls'));
alter table connectors add column ca_certificates text check (length(ca_certificates) <= 100000);
grant update (ca_certificates) on connectors to fluxgate_app;

create table connector_tokens (
    organization_id uuid not null,
    connector_id    uuid not null,
    credential_id   uuid not null,
    secret_version  integer not null check (secret_version > 0),
    token           bytea check (length(token) <= 20000),
    refresh_at      timestamptz,
    expires_at      timestamptz,
    lease           uuid,
    lease_until     timestamptz,
    primary key (organization_id, connector_id),
    foreign key (organization_id, connector_id) references connectors (organization_id, id) on delete cascade,
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade
);
create index connector_tokens_by_credential on connector_tokens (organization_id, credential_id);
call internal.protect('connector_tokens', 'tenant', 'organization_id', 'short-lived tokens that authorization servers gave, sealed; and which node asks for the next one');
call internal.allow_engine('connector_tokens', 'organization_id', 'select, insert, update, delete');
grant select (organization_id, credential_id), delete on connector_tokens to fluxgate_app;
