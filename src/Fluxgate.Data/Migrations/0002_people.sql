-- People, organizations, sessions, keys.

create table installation (
    id              boolean primary key default true check (id),
    set_up_at       timestamptz,
    setup_token_hash bytea,
    bootstrapped_at timestamptz
);
call internal.protect('installation', 'platform', null, 'one row: whether the first owner exists, and the hash of the one-time set-up token');
call internal.allow_platform('installation', 'select, insert, update');

create table organizations (
    id          uuid primary key,
    slug        text collate "C" not null unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,62}$'),
    name        text not null check (length(name) between 1 and 200),
    created_at  timestamptz not null
);
call internal.protect('organizations', 'tenant', 'id', 'the tenants');
call internal.allow_platform('organizations', 'select, insert');
grant select, update (name) on organizations to fluxgate_app;

create table users (
    id              uuid primary key,
    email           text not null check (length(email) between 3 and 254),
    email_norm      text collate "C" not null unique,
    display_name    text not null check (length(display_name) between 1 and 200),
    password_hash   text,
    created_at      timestamptz not null
);
call internal.protect('users', 'personal', 'id', 'people, one row for each address; passwords as Argon2id hashes');
call internal.allow_platform('users', 'select, insert, update (password_hash)');
grant select, update (display_name, password_hash) on users to fluxgate_app;

create table sessions (
    user_id         uuid not null references users on delete cascade,
    id              uuid not null,
    token_hash      bytea not null unique,
    created_at      timestamptz not null,
    last_seen_at    timestamptz not null,
    expires_at      timestamptz not null,
    network         text,
    user_agent      text,
    primary key (user_id, id)
);
call internal.protect('sessions', 'personal', 'user_id', 'signed-in browsers; tokens as hashes');
call internal.allow_platform('sessions', 'select, insert, update (last_seen_at), delete');
grant select, delete on sessions to fluxgate_app;

create table members (
    organization_id uuid not null references organizations on delete cascade,
    user_id         uuid not null references users on delete cascade,
    email           text not null,
    display_name    text not null,
    roles           text[] not null default '{none}' check (cardinality(roles) between 1 and 20),
    created_at      timestamptz not null,
    primary key (organization_id, user_id)
);
create index members_by_user on members (user_id);
call internal.protect('members', 'tenant', 'organization_id', 'who belongs to an organization, with which roles; name and address are copies, since a person''s own row is visible to that person alone');
call internal.allow_platform('members', 'select, insert');
grant select, insert, update (roles, display_name), delete on members to fluxgate_app;
