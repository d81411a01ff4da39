using Fluxgate.Data.Sessions;
using Npgsql;

namespace Fluxgate.Data.Isolation;

/// <summary>What has to hold so that row level security is no decoration: ways around it that the catalog shows.</summary>
internal static class IsolationRules
{
    private const string Serving = $"('{DatabaseRole.App}', '{DatabaseRole.Engine}', '{DatabaseRole.Platform}', '{DatabaseRole.Search}')";

    private static readonly string Product = $"('{string.Join("', '", DatabaseRole.All)}')";

    /// <summary>Functions that run as the owner, each with its reason; the list only shrinks. Others that run as their owner are the search role's, which filter by tenant themselves.</summary>
    private static readonly Dictionary<string, string> OwnerFunctions = new()
    {
        ["make_partitions"] = "serving roles own nothing, so the owner makes the partitions; it takes no name from its caller",
    };

    private static readonly (string Fault, string Sql)[] Rules =
    [
        ("has no forced row level security", "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and not (relrowsecurity and relforcerowsecurity)"),
        ("has no class; internal.protect was not called", "select relname::text from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and coalesce(obj_description(c.oid, 'pg_class') !~ '^(tenant|personal|platform): ', true)"),
        ("has no policy at all", "select relname::text from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and not exists (select from pg_policy p where p.polrelid = c.oid)"),
        // A partition has no policies of its own: only who comes through the parent meets them.
        ("is a partition that somebody reaches past its parent", $"select distinct name || ' (' || role || ')' from {Catalog.Grants} g where partition"),
        ("is a serving role with privileges", $"select rolname::text from pg_roles where rolname in {Serving} and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"),
        // Membership inherits policies. Whoever runs this check takes on the roles, and superusers need no membership.
        ("is a membership of one of the roles", $"select m.member::regrole || ' in ' || m.roleid::regrole from pg_auth_members m join pg_roles r on r.oid = m.member join pg_roles o on o.oid = m.roleid where r.rolname in {Product} and not r.rolsuper or o.rolname in {Product} and not r.rolsuper and r.rolname <> session_user"),
        ("belongs to a serving role", $"select c.relname::text from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in {Serving} union all select p.proname::text from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname in {Serving} and r.rolname <> '{DatabaseRole.Search}'"),
        // TRUNCATE and foreign key checks do not ask row level security.
        ("is granted past the policies", $"select name || ': ' || verb || ' to ' || role from {Catalog.Grants} g where role = 'public' or verb in ('TRUNCATE', 'REFERENCES', 'TRIGGER')"),
        ("is a platform table that the app reaches", $"select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and obj_description(c.oid, 'pg_class') like 'platform: %' and (has_table_privilege('{DatabaseRole.App}', c.oid, 'select, insert, update, delete') or has_any_column_privilege('{DatabaseRole.App}', c.oid, 'select, insert, update'))"),
        ("is granted to a role without a policy for it", $"select c.relname || ' (' || r.rolname || ')' from pg_class c cross join pg_roles r where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and r.rolname in ('{DatabaseRole.Engine}', '{DatabaseRole.Platform}') and has_any_column_privilege(r.rolname, c.oid, 'select, insert, update') and not exists (select from pg_policy p where p.polrelid = c.oid and r.oid = any (p.polroles))"),
        ("is a view that asks with its owner's rights", "select relname::text from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm' or (relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false)))"),
        ("has a rewrite rule, which asks with its owner's rights", "select distinct c.relname::text from pg_rewrite w join pg_class c on c.oid = w.ev_class where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"),
        ("is a foreign table, on which there are no policies", "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'f'"),
        ("is a table outside schema public that is granted to somebody", $"select distinct n.nspname || '.' || c.relname || ' (' || r.rolname || ')' from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join pg_roles r where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname not in ('public', 'pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' and r.rolname in {Serving} and has_any_column_privilege(r.oid, c.oid, 'select, insert, update')"),
    ];

    public static async Task<IReadOnlyList<string>> Faults(NpgsqlConnection connection, CancellationToken cancel)
    {
        var faults = new List<string>();
        foreach (var (fault, sql) in Rules)
            faults.AddRange((await connection.Query(sql, r => r.GetString(0), cancel)).Select(name => $"{name} {fault}"));
        var functions = await connection.Query(
            $"""
            select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
              and (p.proowner::regrole::text <> '{DatabaseRole.Search}' or not coalesce(p.proconfig::text like '%search_path=%', false))
            """, r => r.GetString(0), cancel);
        faults.AddRange(functions.Except(OwnerFunctions.Keys).Select(name => $"{name} is a function that runs with its owner's rights"));
        var across = await connection.Query(
            $"select distinct c.relname::text from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = 'public'::regnamespace and '{DatabaseRole.Platform}'::regrole::oid = any (p.polroles)",
            r => r.GetString(0), cancel);
        faults.AddRange(across.Except(AcrossOrganizations.Tables.Keys).Select(name => $"{name} is open to {DatabaseRole.Platform} without a reason on the list"));
        return faults;
    }
}
