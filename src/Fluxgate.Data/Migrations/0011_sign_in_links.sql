-- Links that sign a person in once.

create table sign_in_links (
    user_id         uuid not null references users on delete cascade,
    token_hash      bytea not null unique,
    expires_at      timestamptz not null,
    primary key (user_id, token_hash)
);
call internal.protect('sign_in_links', 'personal', 'user_id', 'one-time links that sign a person in; tokens as hashes');
call internal.allow_platform('sign_in_links', 'select, insert, delete');
