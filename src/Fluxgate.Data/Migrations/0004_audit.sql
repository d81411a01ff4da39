-- The audit log. Events are inserted and never changed; leaves and heads are the sealer's.

grant usage on schema internal to fluxgate_platform;

-- The least UUID of version 7 at or after a time.
create function internal.uuid_at(at timestamptz) returns uuid
    language sql immutable parallel safe
    as $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

-- Makes the monthly partitions of every partitioned table of ours, from at's month on. Rows that went to the default
-- partition meanwhile move. A partition gets no grants: it is reached through its parent and the parent's policies.
-- It runs as the owner, since serving roles own nothing; it takes no name from its caller.
create function internal.make_partitions(at timestamptz, months integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set lock_timeout = '5s' as $$
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
revoke execute on function internal.make_partitions from public;
grant execute on function internal.make_partitions to fluxgate_platform;

-- No foreign key to organizations: what an organization did outlives it until its retention ends.
create table audit_events (
    organization_id uuid not null,
    id              uuid not null,
    occurred_at     timestamptz not null,
    type            text collate "C" not null,
    action          text collate "C" not null,
    result          text collate "C" not null check (result in ('success', 'denied', 'failed')),
    actor_kind      text collate "C" not null,
    actor_id        uuid,
    actor_label     text not null,
    network         text,
    resource_kind   text collate "C" not null,
    resource_id     uuid,
    resource_name   text,
    content         bytea not null,
    salt            bytea not null check (octet_length(salt) = 32),
    primary key (organization_id, id)
) partition by range (id);
create index audit_events_by_type on audit_events (organization_id, type, id);
create index audit_events_by_actor on audit_events (organization_id, actor_id, id);
create index audit_events_by_resource on audit_events (organization_id, resource_id, id);
create table audit_events_rest partition of audit_events default;
alter table audit_events_rest enable row level security;
comment on table audit_events_rest is 'partition: rows of months whose partition is not made yet';
call internal.protect('audit_events', 'tenant', 'organization_id', 'what happened, by whom: canonical content, and columns that repeat it for filters; never changed');
call internal.allow_engine('audit_events', 'organization_id', 'insert');
grant select, insert on audit_events to fluxgate_app;

create table audit_queue (
    organization_id uuid not null,
    id              uuid not null,
    leaf            bytea not null check (octet_length(leaf) = 32),
    primary key (organization_id, id)
);
-- The sealer takes across organizations, oldest first.
create index audit_queue_by_id on audit_queue (id);
call internal.protect('audit_queue', 'tenant', 'organization_id', 'events that wait to be sealed; its rows come with the event and leave with the leaf');
call internal.allow_engine('audit_queue', 'organization_id', 'select, insert, delete');
call internal.allow_platform('audit_queue', 'select');
grant select, insert on audit_queue to fluxgate_app;

create table audit_leaves (
    organization_id uuid not null,
    index           bigint not null check (index >= 0),
    event_id        uuid not null,
    leaf            bytea not null check (octet_length(leaf) = 32),
    chain           bytea not null check (octet_length(chain) = 32),
    sealed_at       timestamptz not null,
    primary key (organization_id, index),
    unique (organization_id, event_id)
);
call internal.protect('audit_leaves', 'tenant', 'organization_id', 'the sealed log: entry by entry a leaf and the chain up to it; the order is sealing order');
call internal.allow_engine('audit_leaves', 'organization_id', 'select, insert');
grant select on audit_leaves to fluxgate_app;

create table audit_heads (
    organization_id uuid primary key,
    size            bigint not null check (size > 0),
    chain           bytea not null check (octet_length(chain) = 32)
);
call internal.protect('audit_heads', 'tenant', 'organization_id', 'the length of each organization''s sealed log and its last link');
call internal.allow_engine('audit_heads', 'organization_id', 'select, insert, update');
grant select on audit_heads to fluxgate_app;
