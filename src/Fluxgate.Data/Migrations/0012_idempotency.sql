-- Answers of creating requests, so that a repeat under the same key gets the first answer.

create table idempotency_answers (
    organization_id uuid not null references organizations on delete cascade,
    credential_id   uuid not null,
    route           text collate "C" not null,
    key             text collate "C" not null check (length(key) between 1 and 100),
    body_hash       bytea not null,
    id              uuid not null,
    status          integer,
    location        text,
    answer          bytea,
    created_at      timestamptz not null,
    primary key (organization_id, credential_id, route, key)
);
create index idempotency_answers_age on idempotency_answers (organization_id, created_at);
call internal.protect('idempotency_answers', 'tenant', 'organization_id', 'keys of creating requests for 24 hours, with the sealed answer; no answer that shows a secret is kept');
grant select, insert, update, delete on idempotency_answers to fluxgate_app;
