-- Credentials that say by themselves which server they are for: databases, mail servers, mailboxes; and their circuit breakers.

alter table credentials drop constraint credentials_type_check;
alter table credentials add constraint credentials_type_check check (type in ('api_key', 'bearer', 'basic', 'hmac', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls', 'standard_webhooks', 'oauth2', 'postgresql', 'smtp', 'imap'));

create table credential_breakers (
    organization_id uuid not null,
    credential_id   uuid not null,
    state           text collate "C" not null check (state in ('closed', 'open', 'half_open')),
    failures        integer not null check (failures >= 0),
    trials_left     integer not null check (trials_left >= 0),
    trials_passed   integer not null check (trials_passed >= 0),
    until           timestamptz not null,
    primary key (organization_id, credential_id),
    foreign key (organization_id, credential_id) references credentials (organization_id, id) on delete cascade
);
call internal.protect('credential_breakers', 'tenant', 'organization_id', 'circuit breakers of servers that credentials name, which have seen a failure; a credential without a row is closed');
call internal.allow_engine('credential_breakers', 'organization_id', 'select, insert, update, delete');
grant select (organization_id, credential_id), delete on credential_breakers to fluxgate_app;
