CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO fluxgate_owner;

CREATE SCHEMA internal;

ALTER SCHEMA internal OWNER TO fluxgate_owner;

CREATE FUNCTION auth.organization_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select nullif(current_setting('fluxgate.organization_id', true), '')::uuid $$;

ALTER FUNCTION auth.organization_id() OWNER TO fluxgate_owner;

CREATE FUNCTION auth.organization_ids() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select coalesce(nullif(current_setting('fluxgate.organization_ids', true), ''), '{}')::uuid[] $$;

ALTER FUNCTION auth.organization_ids() OWNER TO fluxgate_owner;

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select case
        when current_setting('fluxgate.reviewer', true) = 'on' then 'reviewer'
        when auth.organization_id() is not null and auth.uid() is not null then 'member'
        when auth.organization_id() is not null then 'key'
        when auth.uid() is not null then 'person'
        else 'none' end $$;

ALTER FUNCTION auth.role() OWNER TO fluxgate_owner;

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select nullif(current_setting('fluxgate.user_id', true), '')::uuid $$;

ALTER FUNCTION auth.uid() OWNER TO fluxgate_owner;

CREATE PROCEDURE internal.allow_engine(IN target regclass, IN key_column text, IN verbs text)
    LANGUAGE plpgsql
    AS $$
begin
    execute format('create policy engine on %s to fluxgate_engine using (%I = any ((select auth.organization_ids())::uuid[])) with check (%I = any ((select auth.organization_ids())::uuid[]))', target, key_column, key_column);
    execute format('grant %s on %s to fluxgate_engine', verbs, target);
end $$;

ALTER PROCEDURE internal.allow_engine(IN target regclass, IN key_column text, IN verbs text) OWNER TO fluxgate_owner;

CREATE PROCEDURE internal.allow_platform(IN target regclass, IN verbs text)
    LANGUAGE plpgsql
    AS $$
begin
    execute format('create policy platform on %s to fluxgate_platform using (true) with check (true)', target);
    execute format('grant %s on %s to fluxgate_platform', verbs, target);
end $$;

ALTER PROCEDURE internal.allow_platform(IN target regclass, IN verbs text) OWNER TO fluxgate_owner;

CREATE FUNCTION internal.make_partitions(at timestamp with time zone, months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '5s'
    AS $$
declare
    parent      record;
    first_month timestamptz := date_trunc('month', at, 'UTC');
    lower_id    uuid;
    upper_id    uuid;
    month_table text;
    made        integer := 0;
begin
    if months not between 1 and 24 then
        raise exception 'months is 1 to 24';
    end if;
    perform pg_advisory_xact_lock(7213046552);
    for parent in
        select c.oid, c.relname, p.partdefid::regclass as rest, a.attname as key
        from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
        join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
        where c.relnamespace = 'public'::regnamespace and p.partstrat = 'r' and p.partdefid <> 0
    loop
        for n in 0 .. months - 1 loop
            month_table := parent.relname || to_char((first_month + make_interval(months => n)) at time zone 'UTC', '"_"YYYYMM');
            continue when to_regclass('public.' || quote_ident(month_table)) is not null;
            lower_id := internal.uuid_at(first_month + make_interval(months => n));
            upper_id := internal.uuid_at(first_month + make_interval(months => n + 1));
            execute format('create table public.%I (like public.%I including all)', month_table, parent.relname);
            execute format('alter table public.%I enable row level security', month_table);
            execute format('with late as (delete from %s where %I >= %L and %I < %L returning *) insert into public.%I select * from late', parent.rest, parent.key, lower_id, parent.key, upper_id, month_table);
            -- Attaching a table locks the parent less than creating a partition does.
            execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', parent.relname, month_table, lower_id, upper_id);
            made := made + 1;
        end loop;
    end loop;
    return made;
end $$;

ALTER FUNCTION internal.make_partitions(at timestamp with time zone, months integer) OWNER TO fluxgate_owner;

CREATE PROCEDURE internal.protect(IN target regclass, IN class text, IN key_column text, IN description text)
    LANGUAGE plpgsql
    AS $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy owner_all on %s to fluxgate_owner using (true) with check (true)', target);
    if class = 'tenant' then
        execute format('create policy tenant on %s to fluxgate_app using (%I = (select auth.organization_id())) with check (%I = (select auth.organization_id()))', target, key_column, key_column);
    elsif class = 'personal' then
        execute format('create policy personal on %s to fluxgate_app using (%I = (select auth.uid())) with check (%I = (select auth.uid()))', target, key_column, key_column);
    elsif class <> 'platform' then
        raise exception 'unknown class %', class;
    end if;
    execute format('comment on table %s is %L', target, class || ': ' || description);
end $$;

ALTER PROCEDURE internal.protect(IN target regclass, IN class text, IN key_column text, IN description text) OWNER TO fluxgate_owner;

CREATE FUNCTION internal.uuid_at(at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

ALTER FUNCTION internal.uuid_at(at timestamp with time zone) OWNER TO fluxgate_owner;

CREATE TABLE public.access_revisions (
    organization_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    revision integer NOT NULL
);

ALTER TABLE ONLY public.access_revisions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.access_revisions OWNER TO fluxgate_owner;

COMMENT ON TABLE public.access_revisions IS 'tenant: how often who reaches a resource was changed';

CREATE TABLE public.activity_hours (
    organization_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    calls bigint NOT NULL,
    bytes bigint NOT NULL
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.activity_hours FORCE ROW LEVEL SECURITY;

ALTER TABLE public.activity_hours OWNER TO fluxgate_owner;

COMMENT ON TABLE public.activity_hours IS 'tenant: requests of an API key, or calls and sent bytes of a connector, in an hour; written about once a second';

CREATE TABLE public.activity_news (
    organization_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    subject_kind text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone NOT NULL,
    CONSTRAINT activity_news_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['api_key'::text, 'connector'::text])))
);

ALTER TABLE ONLY public.activity_news FORCE ROW LEVEL SECURITY;

ALTER TABLE public.activity_news OWNER TO fluxgate_owner;

COMMENT ON TABLE public.activity_news IS 'tenant: keys and connectors that did something since they were last judged, and from when on';

CREATE TABLE public.activity_places (
    organization_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    first_seen timestamp with time zone NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    judged boolean NOT NULL,
    CONSTRAINT activity_places_place_check CHECK (((length(place) >= 1) AND (length(place) <= 300)))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.activity_places FORCE ROW LEVEL SECURITY;

ALTER TABLE public.activity_places OWNER TO fluxgate_owner;

COMMENT ON TABLE public.activity_places IS 'tenant: networks that an API key is used from, hosts that a connector calls';

CREATE TABLE public.anomalies (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    subject_kind text NOT NULL COLLATE pg_catalog."C",
    subject_id uuid NOT NULL,
    subject_name text NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    measured bigint NOT NULL,
    expected bigint NOT NULL,
    hour timestamp with time zone,
    usual bigint,
    of_calls integer,
    places text[] NOT NULL,
    suspended boolean NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by uuid,
    acknowledger text,
    note text,
    CONSTRAINT anomalies_acknowledger_check CHECK ((length(acknowledger) <= 320)),
    CONSTRAINT anomalies_kind_check CHECK ((kind = ANY (ARRAY['volume'::text, 'new_network'::text, 'error_rate'::text, 'unusual_hours'::text, 'outbound_bytes'::text, 'new_host'::text]))),
    CONSTRAINT anomalies_note_check CHECK ((length(note) <= 1000)),
    CONSTRAINT anomalies_places_check CHECK ((cardinality(places) <= 20)),
    CONSTRAINT anomalies_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['api_key'::text, 'connector'::text]))),
    CONSTRAINT anomalies_subject_name_check CHECK ((length(subject_name) <= 200))
);

ALTER TABLE ONLY public.anomalies FORCE ROW LEVEL SECURITY;

ALTER TABLE public.anomalies OWNER TO fluxgate_owner;

COMMENT ON TABLE public.anomalies IS 'tenant: what was unusual of a key or connector: measured, expected, and who has acknowledged it';

CREATE TABLE public.anomaly_settings (
    organization_id uuid NOT NULL,
    volume boolean NOT NULL,
    volume_suspends boolean NOT NULL,
    volume_factor integer NOT NULL,
    volume_over bigint NOT NULL,
    new_network boolean NOT NULL,
    new_network_suspends boolean NOT NULL,
    error_rate boolean NOT NULL,
    error_rate_suspends boolean NOT NULL,
    error_percent integer NOT NULL,
    error_calls integer NOT NULL,
    unusual_hours boolean NOT NULL,
    unusual_hours_suspends boolean NOT NULL,
    usual_days integer NOT NULL,
    outbound_bytes boolean NOT NULL,
    outbound_factor integer NOT NULL,
    outbound_over bigint NOT NULL,
    new_host boolean NOT NULL,
    history_hours integer NOT NULL,
    version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT anomaly_settings_error_calls_check CHECK (((error_calls >= 10) AND (error_calls <= 1000))),
    CONSTRAINT anomaly_settings_error_percent_check CHECK (((error_percent >= 0) AND (error_percent <= 99))),
    CONSTRAINT anomaly_settings_history_hours_check CHECK (((history_hours >= 1) AND (history_hours <= 168))),
    CONSTRAINT anomaly_settings_outbound_factor_check CHECK (((outbound_factor >= 1) AND (outbound_factor <= 1000))),
    CONSTRAINT anomaly_settings_outbound_over_check CHECK (((outbound_over >= 0) AND (outbound_over <= '1000000000000000'::bigint))),
    CONSTRAINT anomaly_settings_usual_days_check CHECK (((usual_days >= 1) AND (usual_days <= 7))),
    CONSTRAINT anomaly_settings_version_check CHECK ((version > 0)),
    CONSTRAINT anomaly_settings_volume_factor_check CHECK (((volume_factor >= 1) AND (volume_factor <= 1000))),
    CONSTRAINT anomaly_settings_volume_over_check CHECK (((volume_over >= 0) AND (volume_over <= 1000000000)))
);

ALTER TABLE ONLY public.anomaly_settings FORCE ROW LEVEL SECURITY;

ALTER TABLE public.anomaly_settings OWNER TO fluxgate_owner;

COMMENT ON TABLE public.anomaly_settings IS 'tenant: what an organization calls unusual, and what suspends a key; without a row the defaults hold';

CREATE TABLE public.api_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL COLLATE pg_catalog."C",
    key_hash bytea NOT NULL,
    pepper_version integer NOT NULL,
    scopes text[] NOT NULL,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    last_used_network text,
    service_account_id uuid,
    owner_id uuid,
    networks text[] DEFAULT '{}'::text[] NOT NULL,
    rotated_from uuid,
    suspended_at timestamp with time zone,
    suspended_reason text,
    revoked_reason text,
    reminded_at timestamp with time zone,
    signature_required boolean DEFAULT false NOT NULL,
    restored_at timestamp with time zone,
    CONSTRAINT api_keys_key_hash_check CHECK ((length(key_hash) = 32)),
    CONSTRAINT api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT api_keys_networks_check CHECK ((cardinality(networks) <= 50)),
    CONSTRAINT api_keys_prefix_check CHECK ((length(prefix) = 12)),
    CONSTRAINT api_keys_revoked_reason_check CHECK ((length(revoked_reason) <= 500)),
    CONSTRAINT api_keys_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 100))),
    CONSTRAINT api_keys_suspended_reason_check CHECK ((length(suspended_reason) <= 500))
);

ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.api_keys OWNER TO fluxgate_owner;

COMMENT ON TABLE public.api_keys IS 'tenant: keys of programs: the prefix to find one by, the keyed hash of the whole to compare with';

CREATE TABLE public.audit_events (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    result text NOT NULL COLLATE pg_catalog."C",
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id uuid,
    actor_label text NOT NULL,
    network text,
    resource_kind text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid,
    resource_name text,
    content bytea NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT audit_events_result_check CHECK ((result = ANY (ARRAY['success'::text, 'denied'::text, 'failed'::text]))),
    CONSTRAINT audit_events_salt_check CHECK ((octet_length(salt) = 32))
)
PARTITION BY RANGE (id);

ALTER TABLE ONLY public.audit_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_events OWNER TO fluxgate_owner;

COMMENT ON TABLE public.audit_events IS 'tenant: what happened, by whom: canonical content, and columns that repeat it for filters; never changed';

CREATE TABLE public.audit_events_rest (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    result text NOT NULL COLLATE pg_catalog."C",
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id uuid,
    actor_label text NOT NULL,
    network text,
    resource_kind text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid,
    resource_name text,
    content bytea NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT audit_events_result_check CHECK ((result = ANY (ARRAY['success'::text, 'denied'::text, 'failed'::text]))),
    CONSTRAINT audit_events_salt_check CHECK ((octet_length(salt) = 32))
);

ALTER TABLE public.audit_events_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.audit_events_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.audit_heads (
    organization_id uuid NOT NULL,
    size bigint NOT NULL,
    chain bytea NOT NULL,
    CONSTRAINT audit_heads_chain_check CHECK ((octet_length(chain) = 32)),
    CONSTRAINT audit_heads_size_check CHECK ((size > 0))
);

ALTER TABLE ONLY public.audit_heads FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_heads OWNER TO fluxgate_owner;

COMMENT ON TABLE public.audit_heads IS 'tenant: the length of each organization''s sealed log and its last link';

CREATE TABLE public.audit_leaves (
    organization_id uuid NOT NULL,
    index bigint NOT NULL,
    event_id uuid NOT NULL,
    leaf bytea NOT NULL,
    chain bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_leaves_chain_check CHECK ((octet_length(chain) = 32)),
    CONSTRAINT audit_leaves_index_check CHECK ((index >= 0)),
    CONSTRAINT audit_leaves_leaf_check CHECK ((octet_length(leaf) = 32))
);

ALTER TABLE ONLY public.audit_leaves FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_leaves OWNER TO fluxgate_owner;

COMMENT ON TABLE public.audit_leaves IS 'tenant: the sealed log: entry by entry a leaf and the chain up to it; the order is sealing order';

CREATE TABLE public.audit_queue (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT audit_queue_leaf_check CHECK ((octet_length(leaf) = 32))
);

ALTER TABLE ONLY public.audit_queue FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_queue OWNER TO fluxgate_owner;

COMMENT ON TABLE public.audit_queue IS 'tenant: events that wait to be sealed; its rows come with the event and leave with the leaf';

CREATE TABLE public.client_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    origins text[] NOT NULL,
    a_minute bigint,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revision integer NOT NULL,
    CONSTRAINT client_keys_a_minute_check CHECK (((a_minute >= 1) AND (a_minute <= 10000000))),
    CONSTRAINT client_keys_key_check CHECK ((length(key) = 62)),
    CONSTRAINT client_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT client_keys_origins_check CHECK (((cardinality(origins) >= 1) AND (cardinality(origins) <= 20))),
    CONSTRAINT client_keys_revision_check CHECK ((revision > 0))
);

ALTER TABLE ONLY public.client_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_keys OWNER TO fluxgate_owner;

COMMENT ON TABLE public.client_keys IS 'tenant: publishable keys of pages, with the origins that they are taken from';

CREATE TABLE public.cluster_nodes (
    id uuid NOT NULL,
    lock_key bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    heartbeat_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.cluster_nodes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.cluster_nodes OWNER TO fluxgate_owner;

COMMENT ON TABLE public.cluster_nodes IS 'platform: running servers; each holds the advisory lock of its row, and whoever can take that lock knows the server is gone';

CREATE TABLE public.connector_breakers (
    organization_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    failures integer NOT NULL,
    trials_left integer NOT NULL,
    trials_passed integer NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT connector_breakers_failures_check CHECK ((failures >= 0)),
    CONSTRAINT connector_breakers_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'open'::text, 'half_open'::text]))),
    CONSTRAINT connector_breakers_trials_left_check CHECK ((trials_left >= 0)),
    CONSTRAINT connector_breakers_trials_passed_check CHECK ((trials_passed >= 0))
);

ALTER TABLE ONLY public.connector_breakers FORCE ROW LEVEL SECURITY;

ALTER TABLE public.connector_breakers OWNER TO fluxgate_owner;

COMMENT ON TABLE public.connector_breakers IS 'tenant: circuit breakers that have seen a failure; a connector without a row is closed';

CREATE TABLE public.connector_calls (
    organization_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    place integer NOT NULL,
    holder uuid NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT connector_calls_place_check CHECK ((place > 0))
);

ALTER TABLE ONLY public.connector_calls FORCE ROW LEVEL SECURITY;

ALTER TABLE public.connector_calls OWNER TO fluxgate_owner;

COMMENT ON TABLE public.connector_calls IS 'tenant: calls under way to connectors that bound their number; a node that dies leaves its places until their time is over';

CREATE TABLE public.connector_tokens (
    organization_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    credential_id uuid NOT NULL,
    secret_version integer NOT NULL,
    token bytea,
    refresh_at timestamp with time zone,
    expires_at timestamp with time zone,
    lease uuid,
    lease_until timestamp with time zone,
    CONSTRAINT connector_tokens_secret_version_check CHECK ((secret_version > 0)),
    CONSTRAINT connector_tokens_token_check CHECK ((length(token) <= 20000))
);

ALTER TABLE ONLY public.connector_tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE public.connector_tokens OWNER TO fluxgate_owner;

COMMENT ON TABLE public.connector_tokens IS 'tenant: short-lived tokens that authorization servers gave, sealed; and which node asks for the next one';

CREATE TABLE public.connectors (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    base_url text NOT NULL,
    authentication text NOT NULL COLLATE pg_catalog."C",
    credential_id uuid,
    endpoints jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    breaker jsonb,
    ca_certificates text,
    account_user_id uuid,
    max_concurrent_calls integer,
    CONSTRAINT connectors_account_check CHECK (((account_user_id IS NULL) OR (authentication = 'oidc_user'::text))),
    CONSTRAINT connectors_authentication_check CHECK ((authentication = ANY (ARRAY['none'::text, 'api_key'::text, 'bearer'::text, 'basic'::text, 'oidc_client_credentials'::text, 'private_key_jwt'::text, 'aws_sigv4'::text, 'mtls'::text, 'oidc_user'::text]))),
    CONSTRAINT connectors_base_url_check CHECK ((length(base_url) <= 2000)),
    CONSTRAINT connectors_breaker_check CHECK ((pg_column_size(breaker) <= 1000)),
    CONSTRAINT connectors_ca_certificates_check CHECK ((length(ca_certificates) <= 100000)),
    CONSTRAINT connectors_check CHECK (((authentication = 'none'::text) = (credential_id IS NULL))),
    CONSTRAINT connectors_description_check CHECK ((length(description) <= 1000)),
    CONSTRAINT connectors_max_concurrent_calls_check CHECK (((max_concurrent_calls >= 1) AND (max_concurrent_calls <= 1000))),
    CONSTRAINT connectors_name_check CHECK ((name ~ '^[a-z][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT connectors_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.connectors FORCE ROW LEVEL SECURITY;

ALTER TABLE public.connectors OWNER TO fluxgate_owner;

COMMENT ON TABLE public.connectors IS 'tenant: outside services: where, which endpoints, which credential';

CREATE TABLE public.credential_accounts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    credential_id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret_version integer NOT NULL,
    access_token bytea NOT NULL,
    refresh_token bytea,
    scope text,
    refresh_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    broken boolean NOT NULL,
    lease uuid,
    lease_until timestamp with time zone,
    connected_at timestamp with time zone NOT NULL,
    CONSTRAINT credential_accounts_access_token_check CHECK ((length(access_token) <= 20000)),
    CONSTRAINT credential_accounts_refresh_token_check CHECK ((length(refresh_token) <= 20000)),
    CONSTRAINT credential_accounts_scope_check CHECK ((length(scope) <= 2000)),
    CONSTRAINT credential_accounts_secret_version_check CHECK ((secret_version > 0))
);

ALTER TABLE ONLY public.credential_accounts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.credential_accounts OWNER TO fluxgate_owner;

COMMENT ON TABLE public.credential_accounts IS 'tenant: accounts that members connected by a credential, with their sealed tokens; gone with the member';

CREATE TABLE public.credential_authorizations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    state_hash bytea NOT NULL,
    credential_id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    verifier bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT credential_authorizations_state_hash_check CHECK ((length(state_hash) = 32)),
    CONSTRAINT credential_authorizations_verifier_check CHECK ((length(verifier) <= 500))
);

ALTER TABLE ONLY public.credential_authorizations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.credential_authorizations OWNER TO fluxgate_owner;

COMMENT ON TABLE public.credential_authorizations IS 'tenant: connections of accounts that are under way in a browser; each is redeemed once, within minutes';

CREATE TABLE public.credential_breakers (
    organization_id uuid NOT NULL,
    credential_id uuid NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    failures integer NOT NULL,
    trials_left integer NOT NULL,
    trials_passed integer NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT credential_breakers_failures_check CHECK ((failures >= 0)),
    CONSTRAINT credential_breakers_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'open'::text, 'half_open'::text]))),
    CONSTRAINT credential_breakers_trials_left_check CHECK ((trials_left >= 0)),
    CONSTRAINT credential_breakers_trials_passed_check CHECK ((trials_passed >= 0))
);

ALTER TABLE ONLY public.credential_breakers FORCE ROW LEVEL SECURITY;

ALTER TABLE public.credential_breakers OWNER TO fluxgate_owner;

COMMENT ON TABLE public.credential_breakers IS 'tenant: circuit breakers of servers that credentials name, which have seen a failure; a credential without a row is closed';

CREATE TABLE public.credential_uses (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    credential_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    node text NOT NULL COLLATE pg_catalog."C",
    host text NOT NULL COLLATE pg_catalog."C",
    uses bigint NOT NULL,
    secret_version integer NOT NULL,
    first_used_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    last_run_id uuid NOT NULL,
    CONSTRAINT credential_uses_host_check CHECK ((length(host) <= 300)),
    CONSTRAINT credential_uses_node_check CHECK ((length(node) <= 100)),
    CONSTRAINT credential_uses_secret_version_check CHECK ((secret_version > 0)),
    CONSTRAINT credential_uses_uses_check CHECK ((uses > 0))
);

ALTER TABLE ONLY public.credential_uses FORCE ROW LEVEL SECURITY;

ALTER TABLE public.credential_uses OWNER TO fluxgate_owner;

COMMENT ON TABLE public.credential_uses IS 'tenant: what credentials were opened for: workflow, step and host, how often, by which run last';

CREATE TABLE public.credentials (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    allowed_hosts text[] NOT NULL,
    secret bytea NOT NULL,
    secret_version integer NOT NULL,
    version integer NOT NULL,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT credentials_allowed_hosts_check CHECK (((cardinality(allowed_hosts) >= 1) AND (cardinality(allowed_hosts) <= 50))),
    CONSTRAINT credentials_description_check CHECK ((length(description) <= 1000)),
    CONSTRAINT credentials_name_check CHECK ((name ~ '^[a-z][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT credentials_secret_version_check CHECK ((secret_version > 0)),
    CONSTRAINT credentials_type_check CHECK ((type = ANY (ARRAY['api_key'::text, 'bearer'::text, 'basic'::text, 'hmac'::text, 'oidc_client_credentials'::text, 'private_key_jwt'::text, 'aws_sigv4'::text, 'mtls'::text, 'standard_webhooks'::text, 'oauth2'::text, 'postgresql'::text, 'smtp'::text, 'imap'::text]))),
    CONSTRAINT credentials_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.credentials FORCE ROW LEVEL SECURITY;

ALTER TABLE public.credentials OWNER TO fluxgate_owner;

COMMENT ON TABLE public.credentials IS 'tenant: secrets for outside services, sealed; the hosts that each may go to';

CREATE TABLE public.deliveries (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    payload bytea NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
)
PARTITION BY RANGE (id);

ALTER TABLE ONLY public.deliveries FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deliveries OWNER TO fluxgate_owner;

COMMENT ON TABLE public.deliveries IS 'tenant: one event to one endpoint; payloads sealed';

CREATE TABLE public.deliveries_rest (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    payload bytea NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);

ALTER TABLE public.deliveries_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.deliveries_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.delivery_attempts (
    organization_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    status integer,
    error_code text,
    response bytea
)
PARTITION BY RANGE (delivery_id);

ALTER TABLE ONLY public.delivery_attempts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.delivery_attempts OWNER TO fluxgate_owner;

COMMENT ON TABLE public.delivery_attempts IS 'tenant: each HTTP try of a delivery; response bodies sealed';

CREATE TABLE public.delivery_attempts_rest (
    organization_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    status integer,
    error_code text,
    response bytea
);

ALTER TABLE public.delivery_attempts_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.delivery_attempts_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.delivery_work (
    organization_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.delivery_work FORCE ROW LEVEL SECURITY;

ALTER TABLE public.delivery_work OWNER TO fluxgate_owner;

COMMENT ON TABLE public.delivery_work IS 'tenant: deliveries that are not finished; a claim moves due_at ahead, so that a crash only delays';

CREATE TABLE public.egress_policies (
    organization_id uuid NOT NULL,
    mode text NOT NULL COLLATE pg_catalog."C",
    allow text[] NOT NULL,
    version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT egress_policies_allow_check CHECK (((cardinality(allow) <= 200) AND (pg_column_size(allow) <= 65536))),
    CONSTRAINT egress_policies_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'allow_list'::text]))),
    CONSTRAINT egress_policies_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.egress_policies FORCE ROW LEVEL SECURITY;

ALTER TABLE public.egress_policies OWNER TO fluxgate_owner;

COMMENT ON TABLE public.egress_policies IS 'tenant: what an organization lets its calls reach; one without a row takes nothing away';

CREATE TABLE public.error_starts (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    handler_run_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.error_starts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.error_starts OWNER TO fluxgate_owner;

COMMENT ON TABLE public.error_starts IS 'tenant: runs that failed and whose error workflow has not started yet, written with their end; the id that the error workflow''s run will have makes it start once';

CREATE TABLE public.folders (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_norm text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT folders_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

ALTER TABLE ONLY public.folders FORCE ROW LEVEL SECURITY;

ALTER TABLE public.folders OWNER TO fluxgate_owner;

COMMENT ON TABLE public.folders IS 'tenant: groups of workflows, whose grants they inherit';

CREATE TABLE public.grants (
    organization_id uuid NOT NULL,
    resource_id uuid GENERATED ALWAYS AS (COALESCE(workflow_id, folder_id, connector_id, credential_id)) STORED NOT NULL,
    workflow_id uuid,
    folder_id uuid,
    connector_id uuid,
    credential_id uuid,
    user_id uuid,
    group_id uuid,
    api_key_id uuid,
    rights text[] NOT NULL,
    service_account_id uuid,
    subject_id uuid GENERATED ALWAYS AS (COALESCE(user_id, group_id, api_key_id, service_account_id)) STORED NOT NULL,
    CONSTRAINT grants_check CHECK ((num_nonnulls(workflow_id, folder_id, connector_id, credential_id) = 1)),
    CONSTRAINT grants_check1 CHECK ((num_nonnulls(user_id, group_id, api_key_id, service_account_id) = 1)),
    CONSTRAINT grants_rights_check CHECK (((cardinality(rights) > 0) AND (rights <@ ARRAY['view'::text, 'edit'::text, 'run'::text, 'use'::text])))
);

ALTER TABLE ONLY public.grants FORCE ROW LEVEL SECURITY;

ALTER TABLE public.grants OWNER TO fluxgate_owner;

COMMENT ON TABLE public.grants IS 'tenant: rights of members, groups and API keys on single workflows, folders, connectors and credentials';

CREATE TABLE public.group_members (
    organization_id uuid NOT NULL,
    group_id uuid NOT NULL,
    user_id uuid NOT NULL
);

ALTER TABLE ONLY public.group_members FORCE ROW LEVEL SECURITY;

ALTER TABLE public.group_members OWNER TO fluxgate_owner;

COMMENT ON TABLE public.group_members IS 'tenant: who is in a group';

CREATE TABLE public.groups (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_norm text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    roles text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT groups_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT groups_roles_check CHECK ((cardinality(roles) <= 20))
);

ALTER TABLE ONLY public.groups FORCE ROW LEVEL SECURITY;

ALTER TABLE public.groups OWNER TO fluxgate_owner;

COMMENT ON TABLE public.groups IS 'tenant: named sets of members';

CREATE TABLE public.idempotency_answers (
    organization_id uuid NOT NULL,
    credential_id uuid NOT NULL,
    route text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    body_hash bytea NOT NULL,
    id uuid NOT NULL,
    status integer,
    location text,
    answer bytea,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_answers_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100)))
);

ALTER TABLE ONLY public.idempotency_answers FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_answers OWNER TO fluxgate_owner;

COMMENT ON TABLE public.idempotency_answers IS 'tenant: keys of creating requests for 24 hours, with the sealed answer; no answer that shows a secret is kept';

CREATE TABLE public.installation (
    id boolean DEFAULT true NOT NULL,
    set_up_at timestamp with time zone,
    setup_token_hash bytea,
    bootstrapped_at timestamp with time zone,
    CONSTRAINT installation_id_check CHECK (id)
);

ALTER TABLE ONLY public.installation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.installation OWNER TO fluxgate_owner;

COMMENT ON TABLE public.installation IS 'platform: one row: whether the first owner exists, and the hash of the one-time set-up token';

CREATE TABLE public.installation_keys (
    kind text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    id uuid NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    wrapped_by integer NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT installation_keys_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50))),
    CONSTRAINT installation_keys_state_check CHECK ((state = ANY (ARRAY['active'::text, 'decrypt_only'::text, 'retired'::text]))),
    CONSTRAINT installation_keys_version_check CHECK ((version > 0)),
    CONSTRAINT installation_keys_wrapped_by_check CHECK ((wrapped_by > 0))
);

ALTER TABLE ONLY public.installation_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.installation_keys OWNER TO fluxgate_owner;

COMMENT ON TABLE public.installation_keys IS 'platform: the installation''s key-encryption key wrapped by the root key, and its secrets wrapped by that';

CREATE TABLE public.installation_switches (
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT installation_switches_check CHECK (((kind = 'node_type'::text) = (name <> ''::text))),
    CONSTRAINT installation_switches_kind_check CHECK ((kind = ANY (ARRAY['api'::text, 'hooks'::text, 'node_type'::text]))),
    CONSTRAINT installation_switches_name_check CHECK ((char_length(name) <= 50)),
    CONSTRAINT installation_switches_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
    CONSTRAINT installation_switches_set_by_check CHECK (((char_length(set_by) >= 1) AND (char_length(set_by) <= 320)))
);

ALTER TABLE ONLY public.installation_switches FORCE ROW LEVEL SECURITY;

ALTER TABLE public.installation_switches OWNER TO fluxgate_owner;

COMMENT ON TABLE public.installation_switches IS 'platform: what the operator has switched off for everybody';

CREATE TABLE public.invitations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    email_norm text NOT NULL COLLATE pg_catalog."C",
    roles text[] NOT NULL,
    token_hash bytea NOT NULL,
    invited_by uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT invitations_roles_check CHECK (((cardinality(roles) >= 1) AND (cardinality(roles) <= 20)))
);

ALTER TABLE ONLY public.invitations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.invitations OWNER TO fluxgate_owner;

COMMENT ON TABLE public.invitations IS 'tenant: who may join with which roles; tokens as hashes';

CREATE TABLE public.kill_switches (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    workflow_id uuid,
    reason text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT kill_switches_check CHECK (((kind = 'workflow'::text) = (workflow_id IS NOT NULL))),
    CONSTRAINT kill_switches_kind_check CHECK ((kind = ANY (ARRAY['organization'::text, 'api'::text, 'hooks'::text, 'workflow'::text]))),
    CONSTRAINT kill_switches_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
    CONSTRAINT kill_switches_set_by_check CHECK (((char_length(set_by) >= 1) AND (char_length(set_by) <= 320)))
);

ALTER TABLE ONLY public.kill_switches FORCE ROW LEVEL SECURITY;

ALTER TABLE public.kill_switches OWNER TO fluxgate_owner;

COMMENT ON TABLE public.kill_switches IS 'tenant: what of an organization is switched off: its keys, its hooks, a workflow, or by the operator the organization';

CREATE TABLE public.kv_entries (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workflow_id uuid,
    key text NOT NULL COLLATE pg_catalog."C",
    allowed_hosts text[],
    value bytea NOT NULL,
    version bigint NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    folder_id uuid,
    CONSTRAINT kv_entries_allowed_hosts_check CHECK (((cardinality(allowed_hosts) >= 1) AND (cardinality(allowed_hosts) <= 50))),
    CONSTRAINT kv_entries_check CHECK (((key ~~ 'secret:%'::text) = (allowed_hosts IS NOT NULL))),
    CONSTRAINT kv_entries_check1 CHECK ((num_nonnulls(workflow_id, folder_id) <= 1)),
    CONSTRAINT kv_entries_key_check CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$'::text)),
    CONSTRAINT kv_entries_value_check CHECK ((octet_length(value) <= 263000)),
    CONSTRAINT kv_entries_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.kv_entries FORCE ROW LEVEL SECURITY;

ALTER TABLE public.kv_entries OWNER TO fluxgate_owner;

COMMENT ON TABLE public.kv_entries IS 'tenant: the key-value store, values sealed; an entry past its time is absent though its row may still be there';

CREATE TABLE public.kv_receipts (
    organization_id uuid NOT NULL,
    effect text NOT NULL COLLATE pg_catalog."C",
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    output bytea NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT kv_receipts_effect_check CHECK ((length(effect) <= 300)),
    CONSTRAINT kv_receipts_output_check CHECK ((octet_length(output) <= 1000))
);

ALTER TABLE ONLY public.kv_receipts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.kv_receipts OWNER TO fluxgate_owner;

COMMENT ON TABLE public.kv_receipts IS 'tenant: writes that steps of unfinished runs have made, with their outputs, sealed: the same step finds its write instead of making it again';

CREATE TABLE public.limit_violations (
    organization_id uuid NOT NULL,
    limit_name text NOT NULL COLLATE pg_catalog."C",
    subject_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    refused bigint NOT NULL,
    CONSTRAINT limit_violations_limit_name_check CHECK ((length(limit_name) <= 30))
);

ALTER TABLE ONLY public.limit_violations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.limit_violations OWNER TO fluxgate_owner;

COMMENT ON TABLE public.limit_violations IS 'tenant: requests refused by a limit in an hour, kept for a day';

CREATE TABLE public.log_levels (
    id uuid NOT NULL,
    level text COLLATE pg_catalog."C",
    reason text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone,
    CONSTRAINT log_levels_check CHECK ((until_at > set_at)),
    CONSTRAINT log_levels_level_check CHECK ((level = ANY (ARRAY['trace'::text, 'debug'::text, 'information'::text, 'warning'::text, 'error'::text]))),
    CONSTRAINT log_levels_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
    CONSTRAINT log_levels_set_by_check CHECK (((char_length(set_by) >= 1) AND (char_length(set_by) <= 320)))
);

ALTER TABLE ONLY public.log_levels FORCE ROW LEVEL SECURITY;

ALTER TABLE public.log_levels OWNER TO fluxgate_owner;

COMMENT ON TABLE public.log_levels IS 'platform: what the operator has running servers log';

CREATE TABLE public.members (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    roles text[] DEFAULT '{none}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT members_roles_check CHECK (((cardinality(roles) >= 1) AND (cardinality(roles) <= 20)))
);

ALTER TABLE ONLY public.members FORCE ROW LEVEL SECURITY;

ALTER TABLE public.members OWNER TO fluxgate_owner;

COMMENT ON TABLE public.members IS 'tenant: who belongs to an organization, with which roles; name and address are copies, since a person''s own row is visible to that person alone';

CREATE TABLE public.organization_keys (
    organization_id uuid NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    id uuid NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    wrapped_by integer NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT organization_keys_kind_check CHECK ((kind = ANY (ARRAY['key_encryption'::text, 'data'::text]))),
    CONSTRAINT organization_keys_state_check CHECK ((state = ANY (ARRAY['active'::text, 'decrypt_only'::text, 'retired'::text]))),
    CONSTRAINT organization_keys_version_check CHECK ((version > 0)),
    CONSTRAINT organization_keys_wrapped_by_check CHECK ((wrapped_by > 0))
);

ALTER TABLE ONLY public.organization_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organization_keys OWNER TO fluxgate_owner;

COMMENT ON TABLE public.organization_keys IS 'tenant: key-encryption keys wrapped by the root key (wrapped_by is its version), data keys wrapped by those; requests never read them, the vault does as engine';

CREATE TABLE public.organization_limits (
    organization_id uuid NOT NULL,
    organization_a_minute bigint,
    key_a_minute bigint,
    version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT organization_limits_key_a_minute_check CHECK (((key_a_minute >= 1) AND (key_a_minute <= 10000000))),
    CONSTRAINT organization_limits_organization_a_minute_check CHECK (((organization_a_minute >= 60) AND (organization_a_minute <= 10000000))),
    CONSTRAINT organization_limits_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.organization_limits FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organization_limits OWNER TO fluxgate_owner;

COMMENT ON TABLE public.organization_limits IS 'tenant: limits that an organization has lowered for itself; null is the installation''s';

CREATE TABLE public.organization_quotas (
    organization_id uuid NOT NULL,
    quota text NOT NULL,
    most bigint,
    CONSTRAINT organization_quotas_most_check CHECK ((most >= 0)),
    CONSTRAINT organization_quotas_quota_check CHECK ((quota = ANY (ARRAY['runs_a_day'::text, 'stored_bytes'::text, 'kv_bytes'::text, 'members'::text, 'api_keys'::text])))
);

ALTER TABLE ONLY public.organization_quotas FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organization_quotas OWNER TO fluxgate_owner;

COMMENT ON TABLE public.organization_quotas IS 'tenant: what an operator has set for an organization instead of the configuration; null is no limit';

CREATE TABLE public.organization_storage (
    organization_id uuid NOT NULL,
    run_bytes bigint NOT NULL
);

ALTER TABLE ONLY public.organization_storage FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organization_storage OWNER TO fluxgate_owner;

COMMENT ON TABLE public.organization_storage IS 'tenant: sealed bytes of the journals of runs, written as organization_usage is, and less by what retention deletes';

CREATE TABLE public.organization_usage (
    organization_id uuid NOT NULL,
    day date NOT NULL,
    runs bigint NOT NULL
);

ALTER TABLE ONLY public.organization_usage FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organization_usage OWNER TO fluxgate_owner;

COMMENT ON TABLE public.organization_usage IS 'tenant: runs that began on a day in UTC, written about once a second: what a server had counted when it died is missing';

CREATE TABLE public.organizations (
    id uuid NOT NULL,
    slug text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT organizations_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT organizations_slug_check CHECK ((slug ~ '^[a-z0-9](-?[a-z0-9]){1,62}$'::text))
);

ALTER TABLE ONLY public.organizations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organizations OWNER TO fluxgate_owner;

COMMENT ON TABLE public.organizations IS 'tenant: the tenants';

CREATE TABLE public.outbox (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    event_type text NOT NULL,
    payload bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;

ALTER TABLE public.outbox OWNER TO fluxgate_owner;

COMMENT ON TABLE public.outbox IS 'tenant: events that were recorded and not yet handed to the endpoints that want them; payloads sealed';

CREATE TABLE public.polls (
    organization_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    source bytea NOT NULL,
    state bytea,
    due_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    error_code text,
    error_message bytea,
    CONSTRAINT polls_error_code_check CHECK ((length(error_code) <= 100)),
    CONSTRAINT polls_error_message_check CHECK ((octet_length(error_message) <= 5000)),
    CONSTRAINT polls_failures_check CHECK ((failures >= 0)),
    CONSTRAINT polls_source_check CHECK ((octet_length(source) = 32)),
    CONSTRAINT polls_state_check CHECK ((octet_length(state) <= 200000))
);

ALTER TABLE ONLY public.polls FORCE ROW LEVEL SECURITY;

ALTER TABLE public.polls OWNER TO fluxgate_owner;

COMMENT ON TABLE public.polls IS 'tenant: a row while a workflow with a feed or mailbox is published or paused: what was seen of which source (sealed), and when a node looks again (a claim moves that ahead, so that a crash only delays; infinity: paused)';

CREATE TABLE public.quota_notices (
    organization_id uuid NOT NULL,
    quota text NOT NULL,
    level text NOT NULL,
    day date NOT NULL,
    CONSTRAINT quota_notices_level_check CHECK ((level = ANY (ARRAY['warning'::text, 'exceeded'::text])))
);

ALTER TABLE ONLY public.quota_notices FORCE ROW LEVEL SECURITY;

ALTER TABLE public.quota_notices OWNER TO fluxgate_owner;

COMMENT ON TABLE public.quota_notices IS 'tenant: that a quota was nearly or wholly used has been recorded on a day, once';

CREATE UNLOGGED TABLE public.rate_limits (
    subject_id uuid NOT NULL,
    limit_name text NOT NULL COLLATE pg_catalog."C",
    quota bigint NOT NULL,
    taken_at bigint NOT NULL,
    before bigint NOT NULL,
    arrival bigint NOT NULL,
    CONSTRAINT rate_limits_limit_name_check CHECK ((limit_name = ANY (ARRAY['address'::text, 'user'::text, 'key'::text, 'client_key'::text, 'organization'::text, 'governance'::text, 'governance_hour'::text]))),
    CONSTRAINT rate_limits_quota_check CHECK ((quota > 0))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.rate_limits FORCE ROW LEVEL SECURITY;

ALTER TABLE public.rate_limits OWNER TO fluxgate_owner;

COMMENT ON TABLE public.rate_limits IS 'platform: the theoretical arrival time of a subject at a limit, and what the last taking was decided from; times are microseconds of PostgreSQL''s clock';

CREATE TABLE public.request_log (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    api_key_id uuid,
    user_id uuid,
    method text NOT NULL COLLATE pg_catalog."C",
    operation text COLLATE pg_catalog."C",
    path_hash bytea NOT NULL,
    status integer NOT NULL,
    duration_ms integer NOT NULL,
    network text,
    user_agent text,
    client_key_id uuid,
    CONSTRAINT request_log_method_check CHECK ((length(method) <= 20)),
    CONSTRAINT request_log_network_check CHECK ((length(network) <= 64)),
    CONSTRAINT request_log_operation_check CHECK ((length(operation) <= 100)),
    CONSTRAINT request_log_path_hash_check CHECK ((octet_length(path_hash) = 32)),
    CONSTRAINT request_log_user_agent_check CHECK ((length(user_agent) <= 200))
)
PARTITION BY RANGE (id);

ALTER TABLE ONLY public.request_log FORCE ROW LEVEL SECURITY;

ALTER TABLE public.request_log OWNER TO fluxgate_owner;

COMMENT ON TABLE public.request_log IS 'tenant: requests of keys and members: route, status, network; no values';

CREATE TABLE public.request_log_rest (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    api_key_id uuid,
    user_id uuid,
    method text NOT NULL COLLATE pg_catalog."C",
    operation text COLLATE pg_catalog."C",
    path_hash bytea NOT NULL,
    status integer NOT NULL,
    duration_ms integer NOT NULL,
    network text,
    user_agent text,
    client_key_id uuid,
    CONSTRAINT request_log_method_check CHECK ((length(method) <= 20)),
    CONSTRAINT request_log_network_check CHECK ((length(network) <= 64)),
    CONSTRAINT request_log_operation_check CHECK ((length(operation) <= 100)),
    CONSTRAINT request_log_path_hash_check CHECK ((octet_length(path_hash) = 32)),
    CONSTRAINT request_log_user_agent_check CHECK ((length(user_agent) <= 200))
);

ALTER TABLE public.request_log_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.request_log_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.request_nonces (
    organization_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    nonce text NOT NULL COLLATE pg_catalog."C",
    valid_until timestamp with time zone NOT NULL,
    CONSTRAINT request_nonces_nonce_check CHECK (((length(nonce) >= 16) AND (length(nonce) <= 64)))
);

ALTER TABLE ONLY public.request_nonces FORCE ROW LEVEL SECURITY;

ALTER TABLE public.request_nonces OWNER TO fluxgate_owner;

COMMENT ON TABLE public.request_nonces IS 'tenant: nonces of signed requests until they cannot be valid any more';

CREATE TABLE public.restrictions (
    organization_id uuid NOT NULL,
    resource_id uuid GENERATED ALWAYS AS (COALESCE(workflow_id, folder_id, connector_id, credential_id)) STORED NOT NULL,
    workflow_id uuid,
    folder_id uuid,
    connector_id uuid,
    credential_id uuid,
    CONSTRAINT restrictions_check CHECK ((num_nonnulls(workflow_id, folder_id, connector_id, credential_id) = 1))
);

ALTER TABLE ONLY public.restrictions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.restrictions OWNER TO fluxgate_owner;

COMMENT ON TABLE public.restrictions IS 'tenant: resources that only those reach whom a grant names';

CREATE TABLE public.reviews (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    node text NOT NULL,
    state text NOT NULL,
    content bytea NOT NULL,
    content_sha256 bytea NOT NULL,
    approvers text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    decided_at timestamp with time zone,
    decided_by uuid,
    decided_label text,
    comment bytea,
    CONSTRAINT reviews_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'expired'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.reviews FORCE ROW LEVEL SECURITY;

ALTER TABLE public.reviews OWNER TO fluxgate_owner;

COMMENT ON TABLE public.reviews IS 'tenant: what people are asked to decide; title and content sealed, with the hash that a decision is bound to';

CREATE TABLE public.roles (
    organization_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    permissions text[] NOT NULL,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT roles_description_check CHECK ((length(description) <= 500)),
    CONSTRAINT roles_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{0,49}$'::text)),
    CONSTRAINT roles_permissions_check CHECK ((cardinality(permissions) <= 100))
);

ALTER TABLE ONLY public.roles FORCE ROW LEVEL SECURITY;

ALTER TABLE public.roles OWNER TO fluxgate_owner;

COMMENT ON TABLE public.roles IS 'tenant: roles that an organization made itself; members and groups name them';

CREATE TABLE public.run_journal (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    append_no integer NOT NULL,
    append_id uuid NOT NULL,
    format integer NOT NULL,
    events bytea,
    value_id uuid,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT run_journal_append_no_check CHECK ((append_no > 0)),
    CONSTRAINT run_journal_check CHECK (((events IS NULL) <> (value_id IS NULL)))
)
PARTITION BY RANGE (run_id);

ALTER TABLE ONLY public.run_journal FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run_journal OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_journal IS 'tenant: the events of runs, sealed; the primary key is the fence between two nodes that both believe to own a run';

CREATE TABLE public.run_journal_rest (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    append_no integer NOT NULL,
    append_id uuid NOT NULL,
    format integer NOT NULL,
    events bytea,
    value_id uuid,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT run_journal_append_no_check CHECK ((append_no > 0)),
    CONSTRAINT run_journal_check CHECK (((events IS NULL) <> (value_id IS NULL)))
);

ALTER TABLE public.run_journal_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_journal_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.run_retention (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    max_age_days integer,
    max_count integer,
    min_count integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    workflow_id uuid,
    folder_id uuid,
    CONSTRAINT run_retention_check CHECK (((max_age_days IS NOT NULL) OR (max_count IS NOT NULL))),
    CONSTRAINT run_retention_check1 CHECK (((max_count IS NULL) OR (min_count <= max_count))),
    CONSTRAINT run_retention_check2 CHECK (((num_nonnulls(workflow_id, folder_id) <= 1) AND (id = COALESCE(workflow_id, folder_id, organization_id)))),
    CONSTRAINT run_retention_max_age_days_check CHECK ((max_age_days > 0)),
    CONSTRAINT run_retention_max_count_check CHECK ((max_count > 0)),
    CONSTRAINT run_retention_min_count_check CHECK ((min_count >= 0))
);

ALTER TABLE ONLY public.run_retention FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run_retention OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_retention IS 'tenant: how long runs are kept: of a workflow, of the workflows of a folder, or (the organization''s id) of all; the nearest counts';

CREATE TABLE public.run_signals (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    id uuid NOT NULL,
    payload bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.run_signals FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run_signals OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_signals IS 'tenant: what requests tell runs (decisions, cancellation), sealed; deleted by the append that takes it';

CREATE TABLE public.run_values (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    id uuid NOT NULL,
    value bytea NOT NULL
)
PARTITION BY RANGE (run_id);

ALTER TABLE ONLY public.run_values FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run_values OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_values IS 'tenant: events of large appends, sealed: written before the append that refers to them, so that a shared commit stays small';

CREATE TABLE public.run_values_rest (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    id uuid NOT NULL,
    value bytea NOT NULL
);

ALTER TABLE public.run_values_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_values_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.run_work (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL,
    node_id uuid,
    due_at timestamp with time zone NOT NULL,
    data_bytes bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.run_work FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run_work OWNER TO fluxgate_owner;

COMMENT ON TABLE public.run_work IS 'tenant: runs that are not finished: who has them, and when they go on by themselves (infinity: only by a signal)';

CREATE TABLE public.runs (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    workflow_version integer NOT NULL,
    status text NOT NULL,
    trigger_type text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    error_code text,
    append_no integer NOT NULL,
    parent_run_id uuid,
    parent_node text,
    retry_of uuid
)
PARTITION BY RANGE (id);

ALTER TABLE ONLY public.runs FORCE ROW LEVEL SECURITY;

ALTER TABLE public.runs OWNER TO fluxgate_owner;

COMMENT ON TABLE public.runs IS 'tenant: snapshot of each run, written by its engine only';

CREATE TABLE public.runs_rest (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    workflow_version integer NOT NULL,
    status text NOT NULL,
    trigger_type text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    error_code text,
    append_no integer NOT NULL,
    parent_run_id uuid,
    parent_node text,
    retry_of uuid
);

ALTER TABLE public.runs_rest OWNER TO fluxgate_owner;

COMMENT ON TABLE public.runs_rest IS 'partition: rows of months whose partition is not made yet';

CREATE TABLE public.schedules (
    organization_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    next_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    last_run_id uuid
);

ALTER TABLE ONLY public.schedules FORCE ROW LEVEL SECURITY;

ALTER TABLE public.schedules OWNER TO fluxgate_owner;

COMMENT ON TABLE public.schedules IS 'tenant: a row while a scheduled workflow is published or paused: its next time, and when a node looks at it (a claim moves that ahead, so that a crash only delays; infinity: paused)';

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.schema_migrations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.schema_migrations OWNER TO fluxgate_owner;

COMMENT ON TABLE public.schema_migrations IS 'platform: which migrations were applied, with the hash of their text';

CREATE TABLE public.service_accounts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_norm text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    roles text[] NOT NULL,
    disabled_at timestamp with time zone,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT service_accounts_description_check CHECK ((length(description) <= 500)),
    CONSTRAINT service_accounts_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT service_accounts_roles_check CHECK (((cardinality(roles) >= 1) AND (cardinality(roles) <= 20)))
);

ALTER TABLE ONLY public.service_accounts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.service_accounts OWNER TO fluxgate_owner;

COMMENT ON TABLE public.service_accounts IS 'tenant: programs that have roles and grants of their own; their keys are in api_keys';

CREATE TABLE public.sessions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    network text,
    user_agent text
);

ALTER TABLE ONLY public.sessions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sessions OWNER TO fluxgate_owner;

COMMENT ON TABLE public.sessions IS 'personal: signed-in browsers; tokens as hashes';

CREATE TABLE public.sign_in_links (
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.sign_in_links FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_links OWNER TO fluxgate_owner;

COMMENT ON TABLE public.sign_in_links IS 'personal: one-time links that sign a person in; tokens as hashes';

CREATE TABLE public.signing_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    key_id text NOT NULL COLLATE pg_catalog."C",
    algorithm text NOT NULL COLLATE pg_catalog."C",
    secret bytea,
    public_key bytea,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT signing_keys_algorithm_check CHECK ((algorithm = ANY (ARRAY['hmac_sha256'::text, 'ed25519'::text]))),
    CONSTRAINT signing_keys_check CHECK (((algorithm = 'hmac_sha256'::text) = (secret IS NOT NULL))),
    CONSTRAINT signing_keys_check1 CHECK (((algorithm = 'ed25519'::text) = (public_key IS NOT NULL))),
    CONSTRAINT signing_keys_key_id_check CHECK ((key_id ~ '^fgs_[0-9A-Za-z]{8}$'::text)),
    CONSTRAINT signing_keys_public_key_check CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT signing_keys_secret_check CHECK ((octet_length(secret) <= 200))
);

ALTER TABLE ONLY public.signing_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.signing_keys OWNER TO fluxgate_owner;

COMMENT ON TABLE public.signing_keys IS 'tenant: what API keys sign their requests with';

CREATE TABLE public.signing_policies (
    organization_id uuid NOT NULL,
    required text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT signing_policies_required_check CHECK ((required = ANY (ARRAY['by_key'::text, 'changes'::text, 'all'::text]))),
    CONSTRAINT signing_policies_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.signing_policies FORCE ROW LEVEL SECURITY;

ALTER TABLE public.signing_policies OWNER TO fluxgate_owner;

COMMENT ON TABLE public.signing_policies IS 'tenant: which requests of keys are to be signed; an organization without a row leaves it to each key';

CREATE TABLE public.trigger_receipts (
    organization_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    dedup_key text NOT NULL COLLATE pg_catalog."C",
    run_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT trigger_receipts_dedup_key_check CHECK ((length(dedup_key) <= 200))
);

ALTER TABLE ONLY public.trigger_receipts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.trigger_receipts OWNER TO fluxgate_owner;

COMMENT ON TABLE public.trigger_receipts IS 'tenant: deliveries and idempotency keys that have started a run, so that a repeat finds that run';

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    email_norm text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL,
    password_hash text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT users_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 200))),
    CONSTRAINT users_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254)))
);

ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;

ALTER TABLE public.users OWNER TO fluxgate_owner;

COMMENT ON TABLE public.users IS 'personal: people, one row for each address; passwords as Argon2id hashes';

CREATE TABLE public.webhook_endpoints (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    event_types text[] NOT NULL,
    secret bytea NOT NULL,
    enabled boolean NOT NULL,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_endpoints_event_types_check CHECK (((cardinality(event_types) >= 1) AND (cardinality(event_types) <= 100))),
    CONSTRAINT webhook_endpoints_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT webhook_endpoints_url_check CHECK ((length(url) <= 2000))
);

ALTER TABLE ONLY public.webhook_endpoints FORCE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_endpoints OWNER TO fluxgate_owner;

COMMENT ON TABLE public.webhook_endpoints IS 'tenant: where an organization''s events are sent; signing secrets sealed';

CREATE TABLE public.webhook_routes (
    organization_id uuid NOT NULL,
    path text NOT NULL COLLATE pg_catalog."C",
    method text NOT NULL,
    workflow_id uuid NOT NULL
);

ALTER TABLE ONLY public.webhook_routes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_routes OWNER TO fluxgate_owner;

COMMENT ON TABLE public.webhook_routes IS 'tenant: addresses of ours that start runs; there is a row while the workflow is published';

CREATE TABLE public.work_turns (
    organization_id uuid NOT NULL,
    served_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.work_turns FORCE ROW LEVEL SECURITY;

ALTER TABLE public.work_turns OWNER TO fluxgate_owner;

COMMENT ON TABLE public.work_turns IS 'platform: when an organization''s waiting runs were last served, so that turns are fair';

CREATE TABLE public.workflow_lines (
    organization_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    run_id uuid NOT NULL,
    places integer NOT NULL,
    admitted boolean NOT NULL,
    CONSTRAINT workflow_lines_places_check CHECK (((places >= 1) AND (places <= 1000)))
);

ALTER TABLE ONLY public.workflow_lines FORCE ROW LEVEL SECURITY;

ALTER TABLE public.workflow_lines OWNER TO fluxgate_owner;

COMMENT ON TABLE public.workflow_lines IS 'tenant: runs of workflows with max_concurrent_runs: those under way, and those that wait in the order of their ids; one whose work row is gone has ended and counts no longer';

CREATE TABLE public.workflow_tests (
    organization_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    workflow_version integer NOT NULL,
    calls integer NOT NULL,
    format integer NOT NULL,
    events bytea NOT NULL,
    hidden bytea NOT NULL,
    recorded_by uuid,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT workflow_tests_calls_check CHECK ((calls >= 0)),
    CONSTRAINT workflow_tests_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$'::text)),
    CONSTRAINT workflow_tests_workflow_version_check CHECK ((workflow_version > 0))
);

ALTER TABLE ONLY public.workflow_tests FORCE ROW LEVEL SECURITY;

ALTER TABLE public.workflow_tests OWNER TO fluxgate_owner;

COMMENT ON TABLE public.workflow_tests IS 'tenant: journals of runs, sealed, kept to replay other versions of their workflow, and the texts that are not shown of them';

CREATE TABLE public.workflow_versions (
    organization_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    version integer NOT NULL,
    document bytea NOT NULL,
    document_format text NOT NULL,
    sha256 bytea NOT NULL,
    published_by uuid,
    published_at timestamp with time zone NOT NULL,
    CONSTRAINT workflow_versions_document_format_check CHECK ((document_format = ANY (ARRAY['json'::text, 'yaml'::text]))),
    CONSTRAINT workflow_versions_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.workflow_versions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.workflow_versions OWNER TO fluxgate_owner;

COMMENT ON TABLE public.workflow_versions IS 'tenant: published versions, never changed; documents are sealed';

CREATE TABLE public.workflows (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_norm text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL,
    draft bytea,
    draft_format text,
    published_version integer,
    revision integer NOT NULL,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    folder_id uuid,
    CONSTRAINT workflows_draft_format_check CHECK ((draft_format = ANY (ARRAY['json'::text, 'yaml'::text]))),
    CONSTRAINT workflows_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT workflows_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'paused'::text, 'archived'::text])))
);

ALTER TABLE ONLY public.workflows FORCE ROW LEVEL SECURITY;

ALTER TABLE public.workflows OWNER TO fluxgate_owner;

COMMENT ON TABLE public.workflows IS 'tenant: workflows; the draft is sealed text as written, null once published and until edited again';

ALTER TABLE ONLY public.audit_events ATTACH PARTITION public.audit_events_rest DEFAULT;

ALTER TABLE ONLY public.deliveries ATTACH PARTITION public.deliveries_rest DEFAULT;

ALTER TABLE ONLY public.delivery_attempts ATTACH PARTITION public.delivery_attempts_rest DEFAULT;

ALTER TABLE ONLY public.request_log ATTACH PARTITION public.request_log_rest DEFAULT;

ALTER TABLE ONLY public.run_journal ATTACH PARTITION public.run_journal_rest DEFAULT;

ALTER TABLE ONLY public.run_values ATTACH PARTITION public.run_values_rest DEFAULT;

ALTER TABLE ONLY public.runs ATTACH PARTITION public.runs_rest DEFAULT;

ALTER TABLE ONLY public.access_revisions
    ADD CONSTRAINT access_revisions_pkey PRIMARY KEY (organization_id, resource_id);

ALTER TABLE ONLY public.activity_hours
    ADD CONSTRAINT activity_hours_pkey PRIMARY KEY (organization_id, subject_id, hour);

ALTER TABLE ONLY public.activity_news
    ADD CONSTRAINT activity_news_pkey PRIMARY KEY (organization_id, subject_id);

ALTER TABLE ONLY public.activity_places
    ADD CONSTRAINT activity_places_pkey PRIMARY KEY (organization_id, subject_id, place);

ALTER TABLE ONLY public.anomalies
    ADD CONSTRAINT anomalies_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.anomaly_settings
    ADD CONSTRAINT anomaly_settings_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.audit_events_rest
    ADD CONSTRAINT audit_events_rest_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.audit_leaves
    ADD CONSTRAINT audit_leaves_organization_id_event_id_key UNIQUE (organization_id, event_id);

ALTER TABLE ONLY public.audit_leaves
    ADD CONSTRAINT audit_leaves_pkey PRIMARY KEY (organization_id, index);

ALTER TABLE ONLY public.audit_queue
    ADD CONSTRAINT audit_queue_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.client_keys
    ADD CONSTRAINT client_keys_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.cluster_nodes
    ADD CONSTRAINT cluster_nodes_lock_key_key UNIQUE (lock_key);

ALTER TABLE ONLY public.cluster_nodes
    ADD CONSTRAINT cluster_nodes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connector_breakers
    ADD CONSTRAINT connector_breakers_pkey PRIMARY KEY (organization_id, connector_id);

ALTER TABLE ONLY public.connector_calls
    ADD CONSTRAINT connector_calls_pkey PRIMARY KEY (organization_id, connector_id, place);

ALTER TABLE ONLY public.connector_tokens
    ADD CONSTRAINT connector_tokens_pkey PRIMARY KEY (organization_id, connector_id);

ALTER TABLE ONLY public.connectors
    ADD CONSTRAINT connectors_organization_id_name_key UNIQUE (organization_id, name);

ALTER TABLE ONLY public.connectors
    ADD CONSTRAINT connectors_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.credential_accounts
    ADD CONSTRAINT credential_accounts_organization_id_credential_id_user_id_key UNIQUE (organization_id, credential_id, user_id);

ALTER TABLE ONLY public.credential_accounts
    ADD CONSTRAINT credential_accounts_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.credential_authorizations
    ADD CONSTRAINT credential_authorizations_organization_id_state_hash_key UNIQUE (organization_id, state_hash);

ALTER TABLE ONLY public.credential_authorizations
    ADD CONSTRAINT credential_authorizations_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.credential_breakers
    ADD CONSTRAINT credential_breakers_pkey PRIMARY KEY (organization_id, credential_id);

ALTER TABLE ONLY public.credential_uses
    ADD CONSTRAINT credential_uses_organization_id_credential_id_workflow_id_n_key UNIQUE (organization_id, credential_id, workflow_id, node, host);

ALTER TABLE ONLY public.credential_uses
    ADD CONSTRAINT credential_uses_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_organization_id_name_key UNIQUE (organization_id, name);

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.deliveries_rest
    ADD CONSTRAINT deliveries_rest_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.delivery_attempts
    ADD CONSTRAINT delivery_attempts_pkey PRIMARY KEY (organization_id, delivery_id, attempt);

ALTER TABLE ONLY public.delivery_attempts_rest
    ADD CONSTRAINT delivery_attempts_rest_pkey PRIMARY KEY (organization_id, delivery_id, attempt);

ALTER TABLE ONLY public.delivery_work
    ADD CONSTRAINT delivery_work_pkey PRIMARY KEY (organization_id, delivery_id);

ALTER TABLE ONLY public.egress_policies
    ADD CONSTRAINT egress_policies_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.error_starts
    ADD CONSTRAINT error_starts_pkey PRIMARY KEY (organization_id, run_id);

ALTER TABLE ONLY public.folders
    ADD CONSTRAINT folders_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (organization_id, resource_id, subject_id);

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_pkey PRIMARY KEY (organization_id, group_id, user_id);

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_organization_id_name_norm_key UNIQUE (organization_id, name_norm);

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.idempotency_answers
    ADD CONSTRAINT idempotency_answers_pkey PRIMARY KEY (organization_id, credential_id, route, key);

ALTER TABLE ONLY public.installation_keys
    ADD CONSTRAINT installation_keys_pkey PRIMARY KEY (kind, version);

ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.installation_switches
    ADD CONSTRAINT installation_switches_pkey PRIMARY KEY (kind, name);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.kill_switches
    ADD CONSTRAINT kill_switches_organization_id_kind_workflow_id_key UNIQUE NULLS NOT DISTINCT (organization_id, kind, workflow_id);

ALTER TABLE ONLY public.kill_switches
    ADD CONSTRAINT kill_switches_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.kv_entries
    ADD CONSTRAINT kv_entries_organization_id_workflow_id_folder_id_key_key UNIQUE NULLS NOT DISTINCT (organization_id, workflow_id, folder_id, key);

ALTER TABLE ONLY public.kv_entries
    ADD CONSTRAINT kv_entries_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.kv_receipts
    ADD CONSTRAINT kv_receipts_pkey PRIMARY KEY (organization_id, effect);

ALTER TABLE ONLY public.limit_violations
    ADD CONSTRAINT limit_violations_pkey PRIMARY KEY (organization_id, limit_name, subject_id, hour);

ALTER TABLE ONLY public.log_levels
    ADD CONSTRAINT log_levels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (organization_id, user_id);

ALTER TABLE ONLY public.organization_keys
    ADD CONSTRAINT organization_keys_pkey PRIMARY KEY (organization_id, kind, version);

ALTER TABLE ONLY public.organization_limits
    ADD CONSTRAINT organization_limits_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.organization_quotas
    ADD CONSTRAINT organization_quotas_pkey PRIMARY KEY (organization_id, quota);

ALTER TABLE ONLY public.organization_storage
    ADD CONSTRAINT organization_storage_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.organization_usage
    ADD CONSTRAINT organization_usage_pkey PRIMARY KEY (organization_id, day);

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.polls
    ADD CONSTRAINT polls_pkey PRIMARY KEY (organization_id, workflow_id);

ALTER TABLE ONLY public.quota_notices
    ADD CONSTRAINT quota_notices_pkey PRIMARY KEY (organization_id, quota, level, day);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (subject_id, limit_name);

ALTER TABLE ONLY public.request_log
    ADD CONSTRAINT request_log_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.request_log_rest
    ADD CONSTRAINT request_log_rest_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.request_nonces
    ADD CONSTRAINT request_nonces_pkey PRIMARY KEY (organization_id, api_key_id, nonce);

ALTER TABLE ONLY public.restrictions
    ADD CONSTRAINT restrictions_pkey PRIMARY KEY (organization_id, resource_id);

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (organization_id, name);

ALTER TABLE ONLY public.run_journal
    ADD CONSTRAINT run_journal_pkey PRIMARY KEY (organization_id, run_id, append_no);

ALTER TABLE ONLY public.run_journal_rest
    ADD CONSTRAINT run_journal_rest_pkey PRIMARY KEY (organization_id, run_id, append_no);

ALTER TABLE ONLY public.run_retention
    ADD CONSTRAINT run_retention_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.run_signals
    ADD CONSTRAINT run_signals_pkey PRIMARY KEY (organization_id, run_id, id);

ALTER TABLE ONLY public.run_values
    ADD CONSTRAINT run_values_pkey PRIMARY KEY (organization_id, run_id, id);

ALTER TABLE ONLY public.run_values_rest
    ADD CONSTRAINT run_values_rest_pkey PRIMARY KEY (organization_id, run_id, id);

ALTER TABLE ONLY public.run_work
    ADD CONSTRAINT run_work_pkey PRIMARY KEY (organization_id, run_id);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.runs_rest
    ADD CONSTRAINT runs_rest_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (organization_id, workflow_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.service_accounts
    ADD CONSTRAINT service_accounts_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (user_id, token_hash);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_organization_id_api_key_id_key_id_key UNIQUE (organization_id, api_key_id, key_id);

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.signing_policies
    ADD CONSTRAINT signing_policies_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.trigger_receipts
    ADD CONSTRAINT trigger_receipts_pkey PRIMARY KEY (organization_id, workflow_id, dedup_key);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_norm_key UNIQUE (email_norm);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.webhook_routes
    ADD CONSTRAINT webhook_routes_pkey PRIMARY KEY (organization_id, path, method);

ALTER TABLE ONLY public.work_turns
    ADD CONSTRAINT work_turns_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.workflow_lines
    ADD CONSTRAINT workflow_lines_pkey PRIMARY KEY (organization_id, workflow_id, run_id);

ALTER TABLE ONLY public.workflow_tests
    ADD CONSTRAINT workflow_tests_pkey PRIMARY KEY (organization_id, workflow_id, name);

ALTER TABLE ONLY public.workflow_versions
    ADD CONSTRAINT workflow_versions_pkey PRIMARY KEY (organization_id, workflow_id, version);

ALTER TABLE ONLY public.workflows
    ADD CONSTRAINT workflows_pkey PRIMARY KEY (organization_id, id);

CREATE INDEX activity_hours_by_time ON public.activity_hours USING brin (hour);

CREATE INDEX anomalies_by_subject ON public.anomalies USING btree (organization_id, subject_id, kind, id);

CREATE INDEX api_keys_by_owner ON public.api_keys USING btree (organization_id, owner_id) WHERE (owner_id IS NOT NULL);

CREATE INDEX api_keys_by_service_account ON public.api_keys USING btree (organization_id, service_account_id) WHERE (service_account_id IS NOT NULL);

CREATE UNIQUE INDEX api_keys_prefix ON public.api_keys USING btree (prefix);

CREATE INDEX audit_events_by_actor ON ONLY public.audit_events USING btree (organization_id, actor_id, id);

CREATE INDEX audit_events_by_resource ON ONLY public.audit_events USING btree (organization_id, resource_id, id);

CREATE INDEX audit_events_by_type ON ONLY public.audit_events USING btree (organization_id, type, id);

CREATE INDEX audit_events_rest_organization_id_actor_id_id_idx ON public.audit_events_rest USING btree (organization_id, actor_id, id);

CREATE INDEX audit_events_rest_organization_id_resource_id_id_idx ON public.audit_events_rest USING btree (organization_id, resource_id, id);

CREATE INDEX audit_events_rest_organization_id_type_id_idx ON public.audit_events_rest USING btree (organization_id, type, id);

CREATE INDEX audit_queue_by_id ON public.audit_queue USING btree (id);

CREATE UNIQUE INDEX client_keys_by_key ON public.client_keys USING btree (key);

CREATE INDEX connector_tokens_by_credential ON public.connector_tokens USING btree (organization_id, credential_id);

CREATE INDEX connectors_by_credential ON public.connectors USING btree (organization_id, credential_id) WHERE (credential_id IS NOT NULL);

CREATE INDEX credential_accounts_by_user ON public.credential_accounts USING btree (organization_id, user_id);

CREATE INDEX credential_authorizations_by_credential ON public.credential_authorizations USING btree (organization_id, credential_id);

CREATE INDEX deliveries_by_endpoint ON ONLY public.deliveries USING btree (organization_id, endpoint_id, id);

CREATE INDEX deliveries_rest_organization_id_endpoint_id_id_idx ON public.deliveries_rest USING btree (organization_id, endpoint_id, id);

CREATE INDEX delivery_work_due ON public.delivery_work USING btree (due_at);

CREATE UNIQUE INDEX folders_by_name ON public.folders USING btree (organization_id, name_norm);

CREATE INDEX grants_by_subject ON public.grants USING btree (organization_id, subject_id);

CREATE INDEX group_members_by_user ON public.group_members USING btree (organization_id, user_id);

CREATE INDEX idempotency_answers_age ON public.idempotency_answers USING btree (organization_id, created_at);

CREATE UNIQUE INDEX installation_keys_active ON public.installation_keys USING btree (kind) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX invitations_open ON public.invitations USING btree (organization_id, email_norm) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

CREATE UNIQUE INDEX invitations_token ON public.invitations USING btree (token_hash);

CREATE INDEX kv_entries_by_scope ON public.kv_entries USING btree (organization_id, workflow_id, folder_id, id);

CREATE INDEX kv_entries_expiring ON public.kv_entries USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX members_by_user ON public.members USING btree (user_id);

CREATE UNIQUE INDEX organization_keys_active ON public.organization_keys USING btree (organization_id, kind) WHERE (state = 'active'::text);

CREATE INDEX polls_due ON public.polls USING btree (due_at);

CREATE INDEX request_log_by_key ON ONLY public.request_log USING btree (organization_id, api_key_id, id) WHERE (api_key_id IS NOT NULL);

CREATE INDEX request_log_rest_organization_id_api_key_id_id_idx ON public.request_log_rest USING btree (organization_id, api_key_id, id) WHERE (api_key_id IS NOT NULL);

CREATE INDEX request_nonces_by_end ON public.request_nonces USING btree (valid_until);

CREATE INDEX reviews_by_run ON public.reviews USING btree (organization_id, run_id);

CREATE INDEX reviews_by_state ON public.reviews USING btree (organization_id, state, id);

CREATE INDEX run_work_by_node ON public.run_work USING btree (node_id) WHERE (node_id IS NOT NULL);

CREATE INDEX run_work_unowned ON public.run_work USING btree (organization_id, due_at) WHERE (node_id IS NULL);

CREATE INDEX runs_by_parent ON ONLY public.runs USING btree (organization_id, parent_run_id, id) WHERE (parent_run_id IS NOT NULL);

CREATE INDEX runs_by_retried ON ONLY public.runs USING btree (organization_id, retry_of) WHERE (retry_of IS NOT NULL);

CREATE INDEX runs_by_workflow ON ONLY public.runs USING btree (organization_id, workflow_id, id);

CREATE INDEX runs_rest_organization_id_parent_run_id_id_idx ON public.runs_rest USING btree (organization_id, parent_run_id, id) WHERE (parent_run_id IS NOT NULL);

CREATE INDEX runs_rest_organization_id_retry_of_idx ON public.runs_rest USING btree (organization_id, retry_of) WHERE (retry_of IS NOT NULL);

CREATE INDEX runs_rest_organization_id_workflow_id_id_idx ON public.runs_rest USING btree (organization_id, workflow_id, id);

CREATE INDEX schedules_due ON public.schedules USING btree (due_at);

CREATE UNIQUE INDEX service_accounts_by_name ON public.service_accounts USING btree (organization_id, name_norm);

CREATE INDEX trigger_receipts_by_time ON public.trigger_receipts USING brin (received_at) WITH (pages_per_range='16');

CREATE INDEX webhook_routes_by_workflow ON public.webhook_routes USING btree (organization_id, workflow_id);

CREATE INDEX workflow_lines_admitted ON public.workflow_lines USING btree (organization_id, workflow_id) WHERE admitted;

CREATE INDEX workflow_lines_waiting ON public.workflow_lines USING btree (organization_id, workflow_id, run_id) WHERE (NOT admitted);

CREATE INDEX workflows_by_folder ON public.workflows USING btree (organization_id, folder_id) WHERE (folder_id IS NOT NULL);

CREATE UNIQUE INDEX workflows_by_name ON public.workflows USING btree (organization_id, name_norm) WHERE (state <> 'archived'::text);

ALTER INDEX public.audit_events_by_actor ATTACH PARTITION public.audit_events_rest_organization_id_actor_id_id_idx;

ALTER INDEX public.audit_events_by_resource ATTACH PARTITION public.audit_events_rest_organization_id_resource_id_id_idx;

ALTER INDEX public.audit_events_by_type ATTACH PARTITION public.audit_events_rest_organization_id_type_id_idx;

ALTER INDEX public.audit_events_pkey ATTACH PARTITION public.audit_events_rest_pkey;

ALTER INDEX public.deliveries_by_endpoint ATTACH PARTITION public.deliveries_rest_organization_id_endpoint_id_id_idx;

ALTER INDEX public.deliveries_pkey ATTACH PARTITION public.deliveries_rest_pkey;

ALTER INDEX public.delivery_attempts_pkey ATTACH PARTITION public.delivery_attempts_rest_pkey;

ALTER INDEX public.request_log_by_key ATTACH PARTITION public.request_log_rest_organization_id_api_key_id_id_idx;

ALTER INDEX public.request_log_pkey ATTACH PARTITION public.request_log_rest_pkey;

ALTER INDEX public.run_journal_pkey ATTACH PARTITION public.run_journal_rest_pkey;

ALTER INDEX public.run_values_pkey ATTACH PARTITION public.run_values_rest_pkey;

ALTER INDEX public.runs_by_parent ATTACH PARTITION public.runs_rest_organization_id_parent_run_id_id_idx;

ALTER INDEX public.runs_by_retried ATTACH PARTITION public.runs_rest_organization_id_retry_of_idx;

ALTER INDEX public.runs_by_workflow ATTACH PARTITION public.runs_rest_organization_id_workflow_id_id_idx;

ALTER INDEX public.runs_pkey ATTACH PARTITION public.runs_rest_pkey;

ALTER TABLE ONLY public.access_revisions
    ADD CONSTRAINT access_revisions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.activity_hours
    ADD CONSTRAINT activity_hours_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.activity_news
    ADD CONSTRAINT activity_news_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.activity_places
    ADD CONSTRAINT activity_places_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.anomalies
    ADD CONSTRAINT anomalies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.anomaly_settings
    ADD CONSTRAINT anomaly_settings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_owner_id_fkey FOREIGN KEY (organization_id, owner_id) REFERENCES public.members(organization_id, user_id) ON DELETE SET NULL (owner_id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_service_account_id_fkey FOREIGN KEY (organization_id, service_account_id) REFERENCES public.service_accounts(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.client_keys
    ADD CONSTRAINT client_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.connector_breakers
    ADD CONSTRAINT connector_breakers_organization_id_connector_id_fkey FOREIGN KEY (organization_id, connector_id) REFERENCES public.connectors(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.connector_calls
    ADD CONSTRAINT connector_calls_organization_id_connector_id_fkey FOREIGN KEY (organization_id, connector_id) REFERENCES public.connectors(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.connector_tokens
    ADD CONSTRAINT connector_tokens_organization_id_connector_id_fkey FOREIGN KEY (organization_id, connector_id) REFERENCES public.connectors(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.connector_tokens
    ADD CONSTRAINT connector_tokens_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.connectors
    ADD CONSTRAINT connectors_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id);

ALTER TABLE ONLY public.connectors
    ADD CONSTRAINT connectors_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credential_accounts
    ADD CONSTRAINT credential_accounts_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credential_accounts
    ADD CONSTRAINT credential_accounts_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.members(organization_id, user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credential_authorizations
    ADD CONSTRAINT credential_authorizations_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credential_breakers
    ADD CONSTRAINT credential_breakers_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credential_uses
    ADD CONSTRAINT credential_uses_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.egress_policies
    ADD CONSTRAINT egress_policies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.folders
    ADD CONSTRAINT folders_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_api_key_id_fkey FOREIGN KEY (organization_id, api_key_id) REFERENCES public.api_keys(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_connector_id_fkey FOREIGN KEY (organization_id, connector_id) REFERENCES public.connectors(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_folder_id_fkey FOREIGN KEY (organization_id, folder_id) REFERENCES public.folders(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_group_id_fkey FOREIGN KEY (organization_id, group_id) REFERENCES public.groups(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_service_account_id_fkey FOREIGN KEY (organization_id, service_account_id) REFERENCES public.service_accounts(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.members(organization_id, user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_organization_id_group_id_fkey FOREIGN KEY (organization_id, group_id) REFERENCES public.groups(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.members(organization_id, user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_answers
    ADD CONSTRAINT idempotency_answers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.kill_switches
    ADD CONSTRAINT kill_switches_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.kill_switches
    ADD CONSTRAINT kill_switches_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.kv_entries
    ADD CONSTRAINT kv_entries_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.kv_entries
    ADD CONSTRAINT kv_entries_organization_id_folder_id_fkey FOREIGN KEY (organization_id, folder_id) REFERENCES public.folders(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.kv_entries
    ADD CONSTRAINT kv_entries_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.limit_violations
    ADD CONSTRAINT limit_violations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organization_keys
    ADD CONSTRAINT organization_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organization_limits
    ADD CONSTRAINT organization_limits_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organization_quotas
    ADD CONSTRAINT organization_quotas_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organization_storage
    ADD CONSTRAINT organization_storage_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organization_usage
    ADD CONSTRAINT organization_usage_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.polls
    ADD CONSTRAINT polls_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quota_notices
    ADD CONSTRAINT quota_notices_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.restrictions
    ADD CONSTRAINT restrictions_organization_id_connector_id_fkey FOREIGN KEY (organization_id, connector_id) REFERENCES public.connectors(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.restrictions
    ADD CONSTRAINT restrictions_organization_id_credential_id_fkey FOREIGN KEY (organization_id, credential_id) REFERENCES public.credentials(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.restrictions
    ADD CONSTRAINT restrictions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.restrictions
    ADD CONSTRAINT restrictions_organization_id_folder_id_fkey FOREIGN KEY (organization_id, folder_id) REFERENCES public.folders(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.restrictions
    ADD CONSTRAINT restrictions_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.run_retention
    ADD CONSTRAINT run_retention_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.run_retention
    ADD CONSTRAINT run_retention_organization_id_folder_id_fkey FOREIGN KEY (organization_id, folder_id) REFERENCES public.folders(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.run_retention
    ADD CONSTRAINT run_retention_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.service_accounts
    ADD CONSTRAINT service_accounts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_organization_id_api_key_id_fkey FOREIGN KEY (organization_id, api_key_id) REFERENCES public.api_keys(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signing_policies
    ADD CONSTRAINT signing_policies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_routes
    ADD CONSTRAINT webhook_routes_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workflow_lines
    ADD CONSTRAINT workflow_lines_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workflow_tests
    ADD CONSTRAINT workflow_tests_organization_id_workflow_id_workflow_versio_fkey FOREIGN KEY (organization_id, workflow_id, workflow_version) REFERENCES public.workflow_versions(organization_id, workflow_id, version) ON DELETE CASCADE;

ALTER TABLE ONLY public.workflow_versions
    ADD CONSTRAINT workflow_versions_organization_id_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id) REFERENCES public.workflows(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workflows
    ADD CONSTRAINT workflows_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.workflows
    ADD CONSTRAINT workflows_organization_id_folder_id_fkey FOREIGN KEY (organization_id, folder_id) REFERENCES public.folders(organization_id, id);

ALTER TABLE public.access_revisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_news ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_places ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.anomalies ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.anomaly_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_events_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_heads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_leaves ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_queue ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cluster_nodes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connector_breakers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connector_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connector_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connectors ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.credential_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.credential_authorizations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.credential_breakers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.credential_uses ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.credentials ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deliveries_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delivery_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delivery_attempts_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delivery_work ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.egress_policies ENABLE ROW LEVEL SECURITY;

CREATE POLICY engine ON public.activity_hours TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.activity_news TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.activity_places TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.anomalies TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.anomaly_settings TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.api_keys TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.audit_events TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.audit_heads TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.audit_leaves TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.audit_queue TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.connector_breakers TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.connector_calls TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.connector_tokens TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.connectors TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.credential_accounts TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.credential_breakers TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.credential_uses TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.credentials TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.deliveries TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.delivery_attempts TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.delivery_work TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.egress_policies TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.error_starts TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.folders TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.kv_entries TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.kv_receipts TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.organization_keys TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.organization_quotas TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.organization_storage TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.outbox TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.polls TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.quota_notices TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.request_log TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.reviews TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.run_journal TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.run_retention TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.run_signals TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.run_values TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.run_work TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.runs TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.schedules TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.trigger_receipts TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.webhook_endpoints TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.webhook_routes TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.workflow_lines TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.workflow_versions TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

CREATE POLICY engine ON public.workflows TO fluxgate_engine USING ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[]))) WITH CHECK ((organization_id = ANY (( SELECT auth.organization_ids() AS organization_ids)::uuid[])));

ALTER TABLE public.error_starts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.folders ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.grants ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.group_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.groups ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.installation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.installation_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.installation_switches ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kill_switches ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kv_entries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kv_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.limit_violations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.log_levels ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;

CREATE POLICY no_reviewer ON public.anomalies AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.anomaly_settings AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.api_keys AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.client_keys AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.connectors AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.credential_uses AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.credentials AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.deliveries AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.delivery_attempts AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.egress_policies AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.grants AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.invitations AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.kill_switches AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.kv_entries AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.limit_violations AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.organization_limits AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.request_log AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.restrictions AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.roles AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.run_journal AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.run_values AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.runs AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.service_accounts AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.signing_keys AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.signing_policies AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.webhook_endpoints AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.webhook_routes AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.workflow_tests AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY no_reviewer ON public.workflow_versions AS RESTRICTIVE TO fluxgate_app USING ((( SELECT auth.role() AS role) <> 'reviewer'::text));

CREATE POLICY not_the_operators_to_lift ON public.kill_switches AS RESTRICTIVE FOR DELETE TO fluxgate_app USING ((kind <> 'organization'::text));

CREATE POLICY not_the_operators_to_set ON public.kill_switches AS RESTRICTIVE FOR INSERT TO fluxgate_app WITH CHECK ((kind <> 'organization'::text));

ALTER TABLE public.organization_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organization_limits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organization_quotas ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organization_storage ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organization_usage ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY owner_all ON public.access_revisions TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.activity_hours TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.activity_news TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.activity_places TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.anomalies TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.anomaly_settings TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.api_keys TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_events TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_heads TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_leaves TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_queue TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.client_keys TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.cluster_nodes TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.connector_breakers TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.connector_calls TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.connector_tokens TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.connectors TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.credential_accounts TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.credential_authorizations TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.credential_breakers TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.credential_uses TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.credentials TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.deliveries TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.delivery_attempts TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.delivery_work TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.egress_policies TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.error_starts TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.folders TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.grants TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.group_members TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.groups TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.idempotency_answers TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.installation TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.installation_keys TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.installation_switches TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.invitations TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.kill_switches TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.kv_entries TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.kv_receipts TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.limit_violations TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.log_levels TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.members TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organization_keys TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organization_limits TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organization_quotas TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organization_storage TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organization_usage TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organizations TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.outbox TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.polls TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.quota_notices TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.rate_limits TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.request_log TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.request_nonces TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.restrictions TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.reviews TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.roles TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.run_journal TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.run_retention TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.run_signals TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.run_values TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.run_work TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.runs TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.schedules TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.schema_migrations TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.service_accounts TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.sessions TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.sign_in_links TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.signing_keys TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.signing_policies TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.trigger_receipts TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.users TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.webhook_endpoints TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.webhook_routes TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.work_turns TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.workflow_lines TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.workflow_tests TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.workflow_versions TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.workflows TO fluxgate_owner USING (true) WITH CHECK (true);

CREATE POLICY personal ON public.sessions TO fluxgate_app USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY personal ON public.sign_in_links TO fluxgate_app USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY personal ON public.users TO fluxgate_app USING ((id = ( SELECT auth.uid() AS uid))) WITH CHECK ((id = ( SELECT auth.uid() AS uid)));

CREATE POLICY platform ON public.activity_hours TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.activity_news TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.activity_places TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.anomalies TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.api_keys TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.audit_events TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.audit_queue TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.client_keys TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.cluster_nodes TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.delivery_work TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.error_starts TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.group_members TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.groups TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.installation TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.installation_keys TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.installation_switches TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.invitations TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.kill_switches TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.kv_entries TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.kv_receipts TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.limit_violations TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.log_levels TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.members TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.organization_limits TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.organization_quotas TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.organization_storage TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.organization_usage TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.organizations TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.outbox TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.polls TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.quota_notices TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.rate_limits TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.request_log TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.request_nonces TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.restrictions TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.roles TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.run_retention TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.run_signals TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.run_work TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.schedules TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.service_accounts TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.sessions TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.sign_in_links TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.signing_keys TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.signing_policies TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.trigger_receipts TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.users TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.work_turns TO fluxgate_platform USING (true) WITH CHECK (true);

CREATE POLICY platform ON public.workflow_lines TO fluxgate_platform USING (true) WITH CHECK (true);

ALTER TABLE public.polls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quota_notices ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rate_limits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_log_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_nonces ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.restrictions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reviews ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.roles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_journal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_journal_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_retention ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_signals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_values ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_values_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_work ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.runs_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schedules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.service_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.signing_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.signing_policies ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON public.access_revisions TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.activity_hours TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.activity_news TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.activity_places TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.anomalies TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.anomaly_settings TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.api_keys TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.audit_events TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.audit_heads TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.audit_leaves TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.audit_queue TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.client_keys TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.connector_breakers TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.connector_calls TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.connector_tokens TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.connectors TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.credential_accounts TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.credential_authorizations TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.credential_breakers TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.credential_uses TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.credentials TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.deliveries TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.delivery_attempts TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.delivery_work TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.egress_policies TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.error_starts TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.folders TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.grants TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.group_members TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.groups TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.idempotency_answers TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.invitations TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.kill_switches TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.kv_entries TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.kv_receipts TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.limit_violations TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.members TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.organization_keys TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.organization_limits TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.organization_quotas TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.organization_storage TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.organization_usage TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.organizations TO fluxgate_app USING ((id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.outbox TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.polls TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.quota_notices TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.request_log TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.request_nonces TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.restrictions TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.reviews TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.roles TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.run_journal TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.run_retention TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.run_signals TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.run_values TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.run_work TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.runs TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.schedules TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.service_accounts TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.signing_keys TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.signing_policies TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.trigger_receipts TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.webhook_endpoints TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.webhook_routes TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.workflow_lines TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.workflow_tests TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.workflow_versions TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

CREATE POLICY tenant ON public.workflows TO fluxgate_app USING ((organization_id = ( SELECT auth.organization_id() AS organization_id))) WITH CHECK ((organization_id = ( SELECT auth.organization_id() AS organization_id)));

ALTER TABLE public.trigger_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_endpoints ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_routes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.work_turns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workflow_lines ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workflow_tests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workflow_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workflows ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO fluxgate_app;
GRANT USAGE ON SCHEMA auth TO fluxgate_engine;
GRANT USAGE ON SCHEMA auth TO fluxgate_platform;
GRANT USAGE ON SCHEMA auth TO fluxgate_search;

GRANT USAGE ON SCHEMA internal TO fluxgate_platform;

GRANT USAGE ON SCHEMA public TO fluxgate_app;
GRANT USAGE ON SCHEMA public TO fluxgate_engine;
GRANT USAGE ON SCHEMA public TO fluxgate_platform;
GRANT USAGE ON SCHEMA public TO fluxgate_search;

REVOKE ALL ON FUNCTION internal.make_partitions(at timestamp with time zone, months integer) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.make_partitions(at timestamp with time zone, months integer) TO fluxgate_platform;

GRANT SELECT,INSERT ON TABLE public.access_revisions TO fluxgate_app;

GRANT UPDATE(revision) ON TABLE public.access_revisions TO fluxgate_app;

GRANT SELECT ON TABLE public.activity_hours TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.activity_hours TO fluxgate_platform;

GRANT SELECT,DELETE ON TABLE public.activity_news TO fluxgate_engine;
GRANT SELECT,INSERT ON TABLE public.activity_news TO fluxgate_platform;

GRANT UPDATE(since) ON TABLE public.activity_news TO fluxgate_engine;
GRANT UPDATE(since) ON TABLE public.activity_news TO fluxgate_platform;

GRANT SELECT ON TABLE public.activity_places TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.activity_places TO fluxgate_platform;

GRANT UPDATE(last_seen) ON TABLE public.activity_places TO fluxgate_platform;

GRANT UPDATE(judged) ON TABLE public.activity_places TO fluxgate_engine;

GRANT SELECT,INSERT,UPDATE ON TABLE public.anomalies TO fluxgate_engine;
GRANT DELETE ON TABLE public.anomalies TO fluxgate_platform;
GRANT SELECT ON TABLE public.anomalies TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.anomalies TO fluxgate_platform;

GRANT SELECT(id) ON TABLE public.anomalies TO fluxgate_platform;

GRANT SELECT(last_seen) ON TABLE public.anomalies TO fluxgate_platform;

GRANT UPDATE(acknowledged_at) ON TABLE public.anomalies TO fluxgate_app;

GRANT UPDATE(acknowledged_by) ON TABLE public.anomalies TO fluxgate_app;

GRANT UPDATE(acknowledger) ON TABLE public.anomalies TO fluxgate_app;

GRANT UPDATE(note) ON TABLE public.anomalies TO fluxgate_app;

GRANT SELECT ON TABLE public.anomaly_settings TO fluxgate_engine;
GRANT SELECT,INSERT,UPDATE ON TABLE public.anomaly_settings TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.api_keys TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.api_keys TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.api_keys TO fluxgate_engine;

GRANT SELECT(id) ON TABLE public.api_keys TO fluxgate_engine;

GRANT SELECT(name) ON TABLE public.api_keys TO fluxgate_engine;

GRANT SELECT(prefix) ON TABLE public.api_keys TO fluxgate_engine;

GRANT UPDATE(key_hash) ON TABLE public.api_keys TO fluxgate_platform;

GRANT UPDATE(pepper_version) ON TABLE public.api_keys TO fluxgate_platform;

GRANT UPDATE(expires_at) ON TABLE public.api_keys TO fluxgate_app;
GRANT SELECT(expires_at) ON TABLE public.api_keys TO fluxgate_engine;

GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO fluxgate_app;
GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO fluxgate_platform;
GRANT SELECT(revoked_at) ON TABLE public.api_keys TO fluxgate_engine;

GRANT UPDATE(last_used_at) ON TABLE public.api_keys TO fluxgate_platform;

GRANT UPDATE(last_used_network) ON TABLE public.api_keys TO fluxgate_platform;

GRANT UPDATE(owner_id) ON TABLE public.api_keys TO fluxgate_app;

GRANT UPDATE(suspended_at) ON TABLE public.api_keys TO fluxgate_app;
GRANT SELECT(suspended_at),UPDATE(suspended_at) ON TABLE public.api_keys TO fluxgate_engine;

GRANT UPDATE(suspended_reason) ON TABLE public.api_keys TO fluxgate_app;
GRANT UPDATE(suspended_reason) ON TABLE public.api_keys TO fluxgate_engine;

GRANT UPDATE(revoked_reason) ON TABLE public.api_keys TO fluxgate_app;
GRANT UPDATE(revoked_reason) ON TABLE public.api_keys TO fluxgate_platform;

GRANT UPDATE(reminded_at) ON TABLE public.api_keys TO fluxgate_platform;

GRANT UPDATE(signature_required) ON TABLE public.api_keys TO fluxgate_app;

GRANT UPDATE(restored_at) ON TABLE public.api_keys TO fluxgate_app;
GRANT SELECT(restored_at) ON TABLE public.api_keys TO fluxgate_engine;

GRANT INSERT ON TABLE public.audit_events TO fluxgate_engine;
GRANT SELECT,INSERT ON TABLE public.audit_events TO fluxgate_app;
GRANT INSERT ON TABLE public.audit_events TO fluxgate_platform;

GRANT SELECT,INSERT,UPDATE ON TABLE public.audit_heads TO fluxgate_engine;
GRANT SELECT ON TABLE public.audit_heads TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.audit_leaves TO fluxgate_engine;
GRANT SELECT ON TABLE public.audit_leaves TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_queue TO fluxgate_engine;
GRANT SELECT,INSERT ON TABLE public.audit_queue TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.audit_queue TO fluxgate_app;

GRANT SELECT ON TABLE public.client_keys TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.client_keys TO fluxgate_app;

GRANT UPDATE(name) ON TABLE public.client_keys TO fluxgate_app;

GRANT UPDATE(origins) ON TABLE public.client_keys TO fluxgate_app;

GRANT UPDATE(a_minute) ON TABLE public.client_keys TO fluxgate_app;

GRANT UPDATE(revoked_at) ON TABLE public.client_keys TO fluxgate_app;

GRANT UPDATE(revision) ON TABLE public.client_keys TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.cluster_nodes TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connector_breakers TO fluxgate_engine;
GRANT SELECT,DELETE ON TABLE public.connector_breakers TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connector_calls TO fluxgate_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connector_tokens TO fluxgate_engine;
GRANT DELETE ON TABLE public.connector_tokens TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.connector_tokens TO fluxgate_app;

GRANT SELECT(credential_id) ON TABLE public.connector_tokens TO fluxgate_app;

GRANT SELECT ON TABLE public.connectors TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(description) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(base_url) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(authentication) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(credential_id) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(endpoints) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(version) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(breaker) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(ca_certificates) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(account_user_id) ON TABLE public.connectors TO fluxgate_app;

GRANT UPDATE(max_concurrent_calls) ON TABLE public.connectors TO fluxgate_app;

GRANT SELECT,UPDATE ON TABLE public.credential_accounts TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.credential_accounts TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.credential_authorizations TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.credential_breakers TO fluxgate_engine;
GRANT DELETE ON TABLE public.credential_breakers TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.credential_breakers TO fluxgate_app;

GRANT SELECT(credential_id) ON TABLE public.credential_breakers TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.credential_uses TO fluxgate_engine;
GRANT SELECT ON TABLE public.credential_uses TO fluxgate_app;

GRANT SELECT ON TABLE public.credentials TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.credentials TO fluxgate_app;

GRANT UPDATE(description) ON TABLE public.credentials TO fluxgate_app;

GRANT UPDATE(allowed_hosts) ON TABLE public.credentials TO fluxgate_app;

GRANT UPDATE(secret) ON TABLE public.credentials TO fluxgate_app;

GRANT UPDATE(secret_version) ON TABLE public.credentials TO fluxgate_app;

GRANT UPDATE(version) ON TABLE public.credentials TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.credentials TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.deliveries TO fluxgate_engine;
GRANT SELECT ON TABLE public.deliveries TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.delivery_attempts TO fluxgate_engine;
GRANT SELECT ON TABLE public.delivery_attempts TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.delivery_work TO fluxgate_engine;
GRANT SELECT,UPDATE ON TABLE public.delivery_work TO fluxgate_platform;

GRANT SELECT ON TABLE public.egress_policies TO fluxgate_engine;
GRANT SELECT,INSERT ON TABLE public.egress_policies TO fluxgate_app;

GRANT UPDATE(mode) ON TABLE public.egress_policies TO fluxgate_app;

GRANT UPDATE(allow) ON TABLE public.egress_policies TO fluxgate_app;

GRANT UPDATE(version) ON TABLE public.egress_policies TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.egress_policies TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.error_starts TO fluxgate_engine;
GRANT SELECT,UPDATE ON TABLE public.error_starts TO fluxgate_platform;

GRANT SELECT ON TABLE public.folders TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.folders TO fluxgate_app;

GRANT UPDATE(name) ON TABLE public.folders TO fluxgate_app;

GRANT UPDATE(name_norm) ON TABLE public.folders TO fluxgate_app;

GRANT UPDATE(revision) ON TABLE public.folders TO fluxgate_app;

GRANT SELECT,DELETE ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(organization_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(workflow_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(folder_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(connector_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(credential_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(user_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(group_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(api_key_id) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(rights) ON TABLE public.grants TO fluxgate_app;

GRANT INSERT(service_account_id) ON TABLE public.grants TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.group_members TO fluxgate_app;
GRANT SELECT ON TABLE public.group_members TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE ON TABLE public.groups TO fluxgate_app;
GRANT SELECT ON TABLE public.groups TO fluxgate_platform;

GRANT UPDATE(name) ON TABLE public.groups TO fluxgate_app;

GRANT UPDATE(name_norm) ON TABLE public.groups TO fluxgate_app;

GRANT UPDATE(roles) ON TABLE public.groups TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_answers TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.installation TO fluxgate_platform;

GRANT SELECT,INSERT ON TABLE public.installation_keys TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE ON TABLE public.installation_switches TO fluxgate_platform;

GRANT SELECT ON TABLE public.invitations TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.invitations TO fluxgate_app;

GRANT UPDATE(accepted_at) ON TABLE public.invitations TO fluxgate_platform;
GRANT UPDATE(accepted_at) ON TABLE public.invitations TO fluxgate_app;

GRANT UPDATE(revoked_at) ON TABLE public.invitations TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.kill_switches TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE ON TABLE public.kill_switches TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.kv_entries TO fluxgate_engine;
GRANT DELETE ON TABLE public.kv_entries TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE ON TABLE public.kv_entries TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.kv_entries TO fluxgate_platform;

GRANT SELECT(id) ON TABLE public.kv_entries TO fluxgate_platform;

GRANT UPDATE(allowed_hosts) ON TABLE public.kv_entries TO fluxgate_app;

GRANT UPDATE(value) ON TABLE public.kv_entries TO fluxgate_app;

GRANT UPDATE(version) ON TABLE public.kv_entries TO fluxgate_app;

GRANT SELECT(expires_at) ON TABLE public.kv_entries TO fluxgate_platform;
GRANT UPDATE(expires_at) ON TABLE public.kv_entries TO fluxgate_app;

GRANT UPDATE(created_at) ON TABLE public.kv_entries TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.kv_entries TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.kv_receipts TO fluxgate_engine;
GRANT DELETE ON TABLE public.kv_receipts TO fluxgate_platform;

GRANT SELECT(organization_id) ON TABLE public.kv_receipts TO fluxgate_platform;

GRANT SELECT(effect) ON TABLE public.kv_receipts TO fluxgate_platform;

GRANT SELECT(run_id) ON TABLE public.kv_receipts TO fluxgate_platform;

GRANT SELECT(written_at) ON TABLE public.kv_receipts TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.limit_violations TO fluxgate_platform;
GRANT SELECT ON TABLE public.limit_violations TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.log_levels TO fluxgate_platform;

GRANT SELECT,INSERT ON TABLE public.members TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE ON TABLE public.members TO fluxgate_app;

GRANT UPDATE(display_name) ON TABLE public.members TO fluxgate_app;

GRANT UPDATE(roles) ON TABLE public.members TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.organization_keys TO fluxgate_engine;

GRANT SELECT ON TABLE public.organization_limits TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.organization_limits TO fluxgate_app;

GRANT UPDATE(organization_a_minute) ON TABLE public.organization_limits TO fluxgate_app;

GRANT UPDATE(key_a_minute) ON TABLE public.organization_limits TO fluxgate_app;

GRANT UPDATE(version) ON TABLE public.organization_limits TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.organization_limits TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.organization_quotas TO fluxgate_platform;
GRANT SELECT ON TABLE public.organization_quotas TO fluxgate_engine;
GRANT SELECT ON TABLE public.organization_quotas TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.organization_storage TO fluxgate_platform;
GRANT SELECT,UPDATE ON TABLE public.organization_storage TO fluxgate_engine;
GRANT SELECT ON TABLE public.organization_storage TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.organization_usage TO fluxgate_platform;
GRANT SELECT ON TABLE public.organization_usage TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.organizations TO fluxgate_platform;
GRANT SELECT ON TABLE public.organizations TO fluxgate_app;

GRANT UPDATE(name) ON TABLE public.organizations TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.outbox TO fluxgate_engine;
GRANT SELECT ON TABLE public.outbox TO fluxgate_platform;
GRANT INSERT ON TABLE public.outbox TO fluxgate_app;

GRANT SELECT,UPDATE ON TABLE public.polls TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.polls TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.polls TO fluxgate_platform;

GRANT SELECT(workflow_id) ON TABLE public.polls TO fluxgate_platform;

GRANT SELECT(due_at),UPDATE(due_at) ON TABLE public.polls TO fluxgate_platform;

GRANT SELECT(next_at) ON TABLE public.polls TO fluxgate_platform;

GRANT INSERT ON TABLE public.quota_notices TO fluxgate_platform;
GRANT INSERT ON TABLE public.quota_notices TO fluxgate_engine;
GRANT INSERT ON TABLE public.quota_notices TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rate_limits TO fluxgate_platform;

GRANT INSERT,DELETE ON TABLE public.request_log TO fluxgate_platform;
GRANT SELECT ON TABLE public.request_log TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.request_log TO fluxgate_platform;
GRANT SELECT(organization_id) ON TABLE public.request_log TO fluxgate_engine;

GRANT SELECT(id) ON TABLE public.request_log TO fluxgate_platform;
GRANT SELECT(id) ON TABLE public.request_log TO fluxgate_engine;

GRANT SELECT(api_key_id) ON TABLE public.request_log TO fluxgate_engine;

GRANT SELECT(status) ON TABLE public.request_log TO fluxgate_engine;

GRANT SELECT,INSERT,DELETE ON TABLE public.request_nonces TO fluxgate_platform;

GRANT UPDATE(valid_until) ON TABLE public.request_nonces TO fluxgate_platform;

GRANT SELECT ON TABLE public.restrictions TO fluxgate_platform;
GRANT SELECT,DELETE ON TABLE public.restrictions TO fluxgate_app;

GRANT INSERT(organization_id) ON TABLE public.restrictions TO fluxgate_app;

GRANT INSERT(workflow_id) ON TABLE public.restrictions TO fluxgate_app;

GRANT INSERT(folder_id) ON TABLE public.restrictions TO fluxgate_app;

GRANT INSERT(connector_id) ON TABLE public.restrictions TO fluxgate_app;

GRANT INSERT(credential_id) ON TABLE public.restrictions TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.reviews TO fluxgate_engine;
GRANT SELECT ON TABLE public.reviews TO fluxgate_app;

GRANT UPDATE(state) ON TABLE public.reviews TO fluxgate_app;

GRANT UPDATE(decided_at) ON TABLE public.reviews TO fluxgate_app;

GRANT UPDATE(decided_by) ON TABLE public.reviews TO fluxgate_app;

GRANT UPDATE(decided_label) ON TABLE public.reviews TO fluxgate_app;

GRANT UPDATE(comment) ON TABLE public.reviews TO fluxgate_app;

GRANT SELECT ON TABLE public.roles TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE ON TABLE public.roles TO fluxgate_app;

GRANT UPDATE(description) ON TABLE public.roles TO fluxgate_app;

GRANT UPDATE(permissions) ON TABLE public.roles TO fluxgate_app;

GRANT UPDATE(revision) ON TABLE public.roles TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.run_journal TO fluxgate_engine;
GRANT SELECT ON TABLE public.run_journal TO fluxgate_app;

GRANT SELECT ON TABLE public.run_retention TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.run_retention TO fluxgate_app;

GRANT SELECT(organization_id) ON TABLE public.run_retention TO fluxgate_platform;

GRANT UPDATE(max_age_days) ON TABLE public.run_retention TO fluxgate_app;

GRANT UPDATE(max_count) ON TABLE public.run_retention TO fluxgate_app;

GRANT UPDATE(min_count) ON TABLE public.run_retention TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.run_retention TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.run_signals TO fluxgate_engine;
GRANT SELECT,DELETE ON TABLE public.run_signals TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.run_signals TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.run_values TO fluxgate_engine;
GRANT SELECT ON TABLE public.run_values TO fluxgate_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.run_work TO fluxgate_engine;
GRANT SELECT,UPDATE ON TABLE public.run_work TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.runs TO fluxgate_engine;
GRANT SELECT ON TABLE public.runs TO fluxgate_app;

GRANT SELECT,UPDATE ON TABLE public.schedules TO fluxgate_engine;
GRANT SELECT,UPDATE ON TABLE public.schedules TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.schedules TO fluxgate_app;

GRANT SELECT ON TABLE public.service_accounts TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE ON TABLE public.service_accounts TO fluxgate_app;

GRANT UPDATE(name) ON TABLE public.service_accounts TO fluxgate_app;

GRANT UPDATE(name_norm) ON TABLE public.service_accounts TO fluxgate_app;

GRANT UPDATE(description) ON TABLE public.service_accounts TO fluxgate_app;

GRANT UPDATE(roles) ON TABLE public.service_accounts TO fluxgate_app;

GRANT UPDATE(disabled_at) ON TABLE public.service_accounts TO fluxgate_app;

GRANT UPDATE(revision) ON TABLE public.service_accounts TO fluxgate_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.sessions TO fluxgate_platform;
GRANT SELECT,DELETE ON TABLE public.sessions TO fluxgate_app;

GRANT UPDATE(last_seen_at) ON TABLE public.sessions TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE ON TABLE public.sign_in_links TO fluxgate_platform;

GRANT SELECT ON TABLE public.signing_keys TO fluxgate_platform;
GRANT SELECT,INSERT,DELETE ON TABLE public.signing_keys TO fluxgate_app;

GRANT SELECT ON TABLE public.signing_policies TO fluxgate_platform;
GRANT SELECT,INSERT ON TABLE public.signing_policies TO fluxgate_app;

GRANT UPDATE(required) ON TABLE public.signing_policies TO fluxgate_app;

GRANT UPDATE(version) ON TABLE public.signing_policies TO fluxgate_app;

GRANT UPDATE(updated_at) ON TABLE public.signing_policies TO fluxgate_app;

GRANT SELECT,INSERT ON TABLE public.trigger_receipts TO fluxgate_engine;
GRANT SELECT ON TABLE public.trigger_receipts TO fluxgate_app;
GRANT DELETE ON TABLE public.trigger_receipts TO fluxgate_platform;

GRANT SELECT(organization_id) ON TABLE public.trigger_receipts TO fluxgate_platform;

GRANT SELECT(workflow_id) ON TABLE public.trigger_receipts TO fluxgate_platform;

GRANT SELECT(dedup_key) ON TABLE public.trigger_receipts TO fluxgate_platform;

GRANT SELECT(received_at) ON TABLE public.trigger_receipts TO fluxgate_platform;

GRANT SELECT,INSERT ON TABLE public.users TO fluxgate_platform;
GRANT SELECT ON TABLE public.users TO fluxgate_app;

GRANT UPDATE(display_name) ON TABLE public.users TO fluxgate_app;

GRANT UPDATE(password_hash) ON TABLE public.users TO fluxgate_platform;
GRANT UPDATE(password_hash) ON TABLE public.users TO fluxgate_app;

GRANT SELECT ON TABLE public.webhook_endpoints TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO fluxgate_app;

GRANT SELECT ON TABLE public.webhook_routes TO fluxgate_engine;
GRANT SELECT,INSERT,DELETE ON TABLE public.webhook_routes TO fluxgate_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.work_turns TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workflow_lines TO fluxgate_engine;

GRANT SELECT(organization_id) ON TABLE public.workflow_lines TO fluxgate_platform;

GRANT SELECT(workflow_id) ON TABLE public.workflow_lines TO fluxgate_platform;

GRANT SELECT(admitted) ON TABLE public.workflow_lines TO fluxgate_platform;

GRANT SELECT,INSERT,DELETE ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(id) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(run_id) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(workflow_version) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(calls) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(format) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(events) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(hidden) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(recorded_by) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT UPDATE(recorded_at) ON TABLE public.workflow_tests TO fluxgate_app;

GRANT SELECT ON TABLE public.workflow_versions TO fluxgate_engine;
GRANT SELECT,INSERT ON TABLE public.workflow_versions TO fluxgate_app;

GRANT SELECT ON TABLE public.workflows TO fluxgate_engine;
GRANT SELECT,INSERT,UPDATE ON TABLE public.workflows TO fluxgate_app;
