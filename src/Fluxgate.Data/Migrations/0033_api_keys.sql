-- Service accounts; keys with address lists, successors, suspension and owners.

create table service_accounts (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    name            text not null check (length(name) between 1 and 100),
    name_norm       text collate "C" not null,
    description     text not null check (length(description) <= 500),
    roles           text[] not null check (cardinality(roles) between 1 and 20),
    disabled_at     timestamptz,
    revision        integer not null,
    created_at      timestamptz not null,
    primary key (organization_id, id)
);
create unique index service_accounts_by_name on service_accounts (organization_id, name_norm);
call internal.protect('service_accounts', 'tenant', 'organization_id', 'programs that have roles and grants of their own; their keys are in api_keys');
call internal.allow_platform('service_accounts', 'select');
grant select, insert, update (name, name_norm, description, roles, disabled_at, revision), delete on service_accounts to fluxgate_app;
create policy no_reviewer on service_accounts as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

alter table api_keys add column service_account_id uuid;
alter table api_keys add foreign key (organization_id, service_account_id) references service_accounts (organization_id, id) on delete cascade;
create index api_keys_by_service_account on api_keys (organization_id, service_account_id) where service_account_id is not null;
-- The member who answers for the key; the one who made it unless another is named.
alter table api_keys add column owner_id uuid;
update api_keys k set owner_id = created_by where exists (select from members m where m.organization_id = k.organization_id and m.user_id = k.created_by);
alter table api_keys add foreign key (organization_id, owner_id) references members (organization_id, user_id) on delete set null (owner_id);
create index api_keys_by_owner on api_keys (organization_id, owner_id) where owner_id is not null;
-- Address ranges (CIDR) that it may be used from; none is any.
alter table api_keys add column networks text[] not null default '{}' check (cardinality(networks) <= 50);
-- The key that this one follows, which goes on until its own end.
alter table api_keys add column rotated_from uuid;
alter table api_keys add column suspended_at timestamptz;
alter table api_keys add column suspended_reason text check (length(suspended_reason) <= 500);
alter table api_keys add column revoked_reason text check (length(revoked_reason) <= 500);
alter table api_keys add column reminded_at timestamptz;
grant update (expires_at, suspended_at, suspended_reason, revoked_reason, owner_id) on api_keys to fluxgate_app;
grant update (key_hash, pepper_version, reminded_at, revoked_at, revoked_reason) on api_keys to fluxgate_platform;

-- Grants go to service accounts too. A generated column cannot be altered, so it is made anew.
alter table grants drop constraint grants_pkey;
drop index grants_by_subject;
alter table grants drop column subject_id;
alter table grants add column service_account_id uuid;
alter table grants add foreign key (organization_id, service_account_id) references service_accounts (organization_id, id) on delete cascade;
alter table grants drop constraint grants_check1;
alter table grants add check (num_nonnulls(user_id, group_id, api_key_id, service_account_id) = 1);
alter table grants add column subject_id uuid not null generated always as (coalesce(user_id, group_id, api_key_id, service_account_id)) stored;
alter table grants add primary key (organization_id, resource_id, subject_id);
create index grants_by_subject on grants (organization_id, subject_id);
grant insert (service_account_id) on grants to fluxgate_app;
