-- The floor: settings of a session as functions, and row level security as one procedure that every table goes through.

create schema auth;
create schema internal;

grant usage on schema public, auth to fluxgate_app, fluxgate_engine, fluxgate_platform, fluxgate_search;

create function auth.uid() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('fluxgate.user_id', true), '')::uuid $$;

create function auth.organization_id() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('fluxgate.organization_id', true), '')::uuid $$;

create function auth.organization_ids() returns uuid[]
    language sql stable parallel safe
    as $$ select coalesce(nullif(current_setting('fluxgate.organization_ids', true), ''), '{}')::uuid[] $$;

-- The kind of caller, as policies see it.
create function auth.role() returns text
    language sql stable parallel safe
    as $$ select case
        when auth.organization_id() is not null and auth.uid() is not null then 'member'
        when auth.organization_id() is not null then 'key'
        when auth.uid() is not null then 'person'
        else 'none' end $$;

-- Classes: 'tenant' (rows of auth.organization_id()), 'personal' (rows of auth.uid()), 'platform' (nothing for the app).
-- The class is kept as the table's comment, which the guard tests read.
create procedure internal.protect(target regclass, class text, key_column text, description text)
    language plpgsql as $$
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

-- What the engine's role may do with a tenant table, for the organizations that its batch names.
create procedure internal.allow_engine(target regclass, key_column text, verbs text)
    language plpgsql as $$
begin
    execute format('create policy engine on %s to fluxgate_engine using (%I = any ((select auth.organization_ids())::uuid[])) with check (%I = any ((select auth.organization_ids())::uuid[]))', target, key_column, key_column);
    execute format('grant %s on %s to fluxgate_engine', verbs, target);
end $$;

-- What the platform's role may do across organizations: reading for sign-in, reading and claiming of due work.
create procedure internal.allow_platform(target regclass, verbs text)
    language plpgsql as $$
begin
    execute format('create policy platform on %s to fluxgate_platform using (true) with check (true)', target);
    execute format('grant %s on %s to fluxgate_platform', verbs, target);
end $$;
