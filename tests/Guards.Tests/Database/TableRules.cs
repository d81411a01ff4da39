using Npgsql;

namespace Fluxgate.Guards.Tests.Database;

/// <summary>What every table has to be, read from the catalog of a migrated database.</summary>
public sealed class TableRules
{
    /// <summary>
    /// Indexes of tenant tables that do not lead with the organization, each with its reason. The list only shrinks:
    /// an entry that the catalog no longer has fails too.
    /// </summary>
    private static readonly Dictionary<string, string> IndexExceptions = new()
    {
        ["organizations_slug_key"] = "a slug names its organization before any organization is known",
        ["api_keys_prefix"] = "a key names its organization before any organization is known",
        ["invitations_token"] = "an invitation is accepted by who is in no organization yet",
        ["audit_queue_by_id"] = "the sealer takes over all organizations, oldest first",
        ["run_work_by_node"] = "the runs of a dead node are freed whosever they are",
        ["delivery_work_due"] = "due deliveries are claimed whosever they are",
        ["schedules_due"] = "due schedules are claimed whosever they are",
        ["polls_due"] = "feeds and mailboxes that are due are claimed whosever they are",
        ["kv_entries_expiring"] = "entries whose time is over are deleted whosever they are",
        ["members_by_user"] = "sign-in lists a person's organizations",
        ["trigger_receipts_by_time"] = "old receipts are found across organizations; ranges of pages, so that a start does not pay for it",
    };

    /// <summary>Functions that run as the owner, each with its reason; the list only shrinks. Others that run as their owner are the search role's, which filter by tenant themselves.</summary>
    private static readonly Dictionary<string, string> OwnerFunctions = new()
    {
        ["make_partitions"] = "serving roles own nothing, so the owner makes the partitions; it takes no name from its caller",
    };

    [Fact]
    public async Task Every_table_is_classed_and_has_row_level_security_enabled_and_forced()
    {
        var tables = (await Catalog.Tables()).Where(t => !t.IsPartition).ToList();
        Assert.NotEmpty(tables);
        Assert.Empty(tables.Where(t => t.Class is null).Select(t => $"{t.Name} is not classed; call internal.protect"));
        Assert.Empty(tables.Where(t => !t.Enabled || !t.Forced).Select(t => $"{t.Name} has no forced row level security"));
    }

    [Fact]
    public async Task Keys_and_indexes_of_tenant_tables_lead_with_the_organization()
    {
        await using var connection = await Installation.Connect();
        var tables = (await Catalog.Tables(connection)).ToDictionary(t => t.Name);
        var indexes = await connection.Query(
            """
            select t.relname, i.relname, x.indisprimary, a.attname
            from pg_index x
            join pg_class i on i.oid = x.indexrelid
            join pg_class t on t.oid = x.indrelid
            left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
            where t.relnamespace = 'public'::regnamespace and not t.relispartition
            """,
            r => (Table: r.GetString(0), Name: r.GetString(1), Primary: r.GetBoolean(2), First: r.IsDBNull(3) ? null : r.GetString(3)));
        var faulty = indexes.Where(i => tables[i.Table].Class == TableClass.Tenant && i.First != tables[i.Table].KeyColumn).Select(i => i.Name).ToHashSet();
        Assert.Empty(faulty.Except(IndexExceptions.Keys));
        Assert.Empty(IndexExceptions.Keys.Except(faulty));

        var withPrimaryKey = indexes.Where(i => i.Primary).Select(i => i.Table).ToHashSet();
        Assert.Empty(tables.Values.Where(t => !t.IsPartition && !withPrimaryKey.Contains(t.Name)).Select(t => $"{t.Name} has no primary key"));
    }

    [Fact]
    public async Task Foreign_keys_between_tenant_tables_carry_the_organization()
    {
        await using var connection = await Installation.Connect();
        var tables = (await Catalog.Tables(connection)).ToDictionary(t => t.Name);
        var keys = await connection.Query(
            """
            select f.conname, t.relname, p.relname, a.attname, b.attname
            from pg_constraint f
            join pg_class t on t.oid = f.conrelid
            join pg_class p on p.oid = f.confrelid
            join pg_attribute a on a.attrelid = t.oid and a.attnum = f.conkey[1]
            join pg_attribute b on b.attrelid = p.oid and b.attnum = f.confkey[1]
            where f.contype = 'f' and f.conparentid = 0 and t.relnamespace = 'public'::regnamespace
            """,
            r => (Name: r.GetString(0), From: r.GetString(1), To: r.GetString(2), Column: r.GetString(3), Target: r.GetString(4)));
        var faulty = keys.Where(k =>
            tables[k.From].Class == TableClass.Tenant && tables[k.To].Class == TableClass.Tenant
            && (k.Column != tables[k.From].KeyColumn || k.Target != tables[k.To].KeyColumn));
        Assert.Empty(faulty.Select(k => k.Name));
    }

    [Fact]
    public async Task Partitions_are_reached_through_their_parent_alone()
    {
        await using var connection = await Installation.Connect();
        var granted = await connection.Query(
            """
            select c.relname || ' to ' || g.grantee::regrole
            from pg_class c, aclexplode(c.relacl) g
            where c.relnamespace = 'public'::regnamespace and c.relispartition and g.grantee <> c.relowner
            """,
            r => r.GetString(0));
        Assert.Empty(granted);
    }

    [Fact]
    public async Task Serving_roles_own_nothing_bypass_nothing_and_are_members_of_nothing()
    {
        await using var connection = await Installation.Connect();
        const string serving = "('fluxgate_app', 'fluxgate_engine', 'fluxgate_platform', 'fluxgate_search')";
        var privileged = await connection.Query(
            $"select rolname from pg_roles where rolname in {serving} and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)", r => r.GetString(0));
        Assert.Empty(privileged);
        var memberships = await connection.Query(
            $"select m.member::regrole || ' in ' || m.roleid::regrole from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname like 'fluxgate%'", r => r.GetString(0));
        Assert.Empty(memberships);
        var owned = await connection.Query(
            $"""
            select c.relname::text from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in {serving}
            union all
            select p.proname::text from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname in {serving} and r.rolname <> 'fluxgate_search'
            """, r => r.GetString(0));
        Assert.Empty(owned);
    }

    [Fact]
    public async Task Nobody_but_the_owner_may_truncate_reference_or_trigger()
    {
        // TRUNCATE and foreign key checks do not ask row level security.
        await using var connection = await Installation.Connect();
        var granted = await connection.Query(
            """
            select c.relname || ': ' || g.privilege_type || ' to ' || case g.grantee when 0 then 'public' else g.grantee::regrole::text end
            from pg_class c, aclexplode(c.relacl) g
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and g.grantee <> c.relowner
              and (g.grantee = 0 or g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER'))
            """, r => r.GetString(0));
        Assert.Empty(granted);
    }

    [Fact]
    public async Task Platform_tables_are_out_of_the_apps_reach()
    {
        await using var connection = await Installation.Connect();
        foreach (var table in (await Catalog.Tables(connection)).Where(t => t.Class == TableClass.Platform))
        {
            var reachable = await connection.Scalar<bool>(
                $"select has_table_privilege('fluxgate_app', 'public.{table.Name}', 'select, insert, update, delete') or has_any_column_privilege('fluxgate_app', 'public.{table.Name}', 'select, insert, update')");
            Assert.False(reachable, $"The app reaches the platform table {table.Name}.");
        }
    }

    [Fact]
    public async Task Views_and_privileged_functions_do_not_go_around_the_policies()
    {
        await using var connection = await Installation.Connect();
        var views = await connection.Query(
            """
            select c.relname from pg_class c
            where c.relnamespace = 'public'::regnamespace and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false)))
            """, r => r.GetString(0));
        Assert.Empty(views);
        var functions = await connection.Query(
            """
            select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
              and (p.proowner::regrole::text <> 'fluxgate_search' or not p.proconfig::text like '%search_path=%')
            """, r => r.GetString(0));
        Assert.Equal(OwnerFunctions.Keys.Order(), functions.Order());
    }
}
