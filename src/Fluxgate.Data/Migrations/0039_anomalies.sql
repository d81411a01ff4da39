-- What keys and connectors usually do, by the hour and by place; what was unusual; what an organization calls unusual.

-- Of an API key: its calls. Of a connector: its calls and the bytes that they sent.
create table activity_hours (
    organization_id uuid not null references organizations on delete cascade,
    subject_id      uuid not null,
    hour            timestamptz not null,
    calls           bigint not null,
    bytes           bigint not null,
    primary key (organization_id, subject_id, hour)
) with (fillfactor = 80);
create index activity_hours_by_time on activity_hours using brin (hour);
call internal.protect('activity_hours', 'tenant', 'organization_id', 'requests of an API key, or calls and sent bytes of a connector, in an hour; written about once a second');
call internal.allow_engine('activity_hours', 'organization_id', 'select');
call internal.allow_platform('activity_hours', 'select, insert, update, delete');

-- Of an API key: the networks that its requests come from. Of a connector: the hosts that it calls.
create table activity_places (
    organization_id uuid not null references organizations on delete cascade,
    subject_id      uuid not null,
    place           text collate "C" not null check (length(place) between 1 and 300),
    first_seen      timestamptz not null,
    last_seen       timestamptz not null,
    -- Whether it is new has been asked, once.
    judged          boolean not null,
    primary key (organization_id, subject_id, place)
) with (fillfactor = 80);
call internal.protect('activity_places', 'tenant', 'organization_id', 'networks that an API key is used from, hosts that a connector calls');
call internal.allow_engine('activity_places', 'organization_id', 'select, update (judged)');
call internal.allow_platform('activity_places', 'select, insert, update (last_seen), delete');

-- Whoever takes a row away judges its subject, in the same transaction.
create table activity_news (
    organization_id uuid not null references organizations on delete cascade,
    subject_id      uuid not null,
    subject_kind    text collate "C" not null check (subject_kind in ('api_key', 'connector')),
    since           timestamptz not null,
    primary key (organization_id, subject_id)
);
call internal.protect('activity_news', 'tenant', 'organization_id', 'keys and connectors that did something since they were last judged, and from when on');
-- PostgreSQL locks a row for whoever may update it.
call internal.allow_engine('activity_news', 'organization_id', 'select, update (since), delete');
call internal.allow_platform('activity_news', 'select, insert, update (since)');

create table anomaly_settings (
    organization_id        uuid primary key references organizations on delete cascade,
    volume                 boolean not null,
    volume_suspends        boolean not null,
    volume_factor          integer not null check (volume_factor between 1 and 1000),
    volume_over            bigint not null check (volume_over between 0 and 1000000000),
    new_network            boolean not null,
    new_network_suspends   boolean not null,
    error_rate             boolean not null,
    error_rate_suspends    boolean not null,
    error_percent          integer not null check (error_percent between 0 and 99),
    error_calls            integer not null check (error_calls between 10 and 1000),
    unusual_hours          boolean not null,
    unusual_hours_suspends boolean not null,
    usual_days             integer not null check (usual_days between 1 and 7),
    outbound_bytes         boolean not null,
    outbound_factor        integer not null check (outbound_factor between 1 and 1000),
    outbound_over          bigint not null check (outbound_over between 0 and 1000000000000000),
    new_host               boolean not null,
    history_hours          integer not null check (history_hours between 1 and 168),
    version                integer not null check (version > 0),
    updated_at             timestamptz not null
);
call internal.protect('anomaly_settings', 'tenant', 'organization_id', 'what an organization calls unusual, and what suspends a key; without a row the defaults hold');
call internal.allow_engine('anomaly_settings', 'organization_id', 'select');
grant select, insert, update on anomaly_settings to fluxgate_app;
create policy no_reviewer on anomaly_settings as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

create table anomalies (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    kind            text collate "C" not null check (kind in ('volume', 'new_network', 'error_rate', 'unusual_hours', 'outbound_bytes', 'new_host')),
    subject_kind    text collate "C" not null check (subject_kind in ('api_key', 'connector')),
    subject_id      uuid not null,
    subject_name    text not null check (length(subject_name) <= 200),
    first_seen      timestamptz not null,
    last_seen       timestamptz not null,
    measured        bigint not null,
    expected        bigint not null,
    -- By the kind: the hour that it is about, what is usual in one, of how many calls, which networks or hosts.
    hour            timestamptz,
    usual           bigint,
    of_calls        integer,
    places          text[] not null check (cardinality(places) <= 20),
    suspended       boolean not null,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    acknowledger    text check (length(acknowledger) <= 320),
    note            text check (length(note) <= 1000),
    primary key (organization_id, id)
);
create index anomalies_by_subject on anomalies (organization_id, subject_id, kind, id);
call internal.protect('anomalies', 'tenant', 'organization_id', 'what was unusual of a key or connector: measured, expected, and who has acknowledged it');
call internal.allow_engine('anomalies', 'organization_id', 'select, insert, update');
call internal.allow_platform('anomalies', 'select (organization_id, id, last_seen), delete');
grant select, update (acknowledged_at, acknowledged_by, acknowledger, note) on anomalies to fluxgate_app;
create policy no_reviewer on anomalies as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

-- What a key did before, and while, it was suspended is no longer held against it.
alter table api_keys add column restored_at timestamptz;
grant update (restored_at) on api_keys to fluxgate_app;
call internal.allow_engine('api_keys', 'organization_id', 'select (organization_id, id, name, prefix, expires_at, revoked_at, suspended_at, restored_at), update (suspended_at, suspended_reason)');
call internal.allow_engine('request_log', 'organization_id', 'select (organization_id, id, api_key_id, status)');
