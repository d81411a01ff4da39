-- Inbound webhooks that are signed by Standard Webhooks.

alter table credentials drop constraint credentials_type_check;
alter table credentials add constraint credentials_type_check
    check (type in ('api_key', 'bearer', 'basic', 'hmac', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls', 'standard_webhooks'));
