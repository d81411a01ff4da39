using Fluxgate.Data.Sessions;
using Npgsql;

namespace Fluxgate.Data.Isolation;

/// <summary>Whose rows a table holds; <c>internal.protect</c> writes it into the table's comment.</summary>
public enum TableClass
{
    /// <summary>Of one organization each.</summary>
    Tenant,

    /// <summary>Of one person each.</summary>
    Personal,

    /// <summary>Of the installation; the app does not reach it.</summary>
    Platform,
}

/// <summary>A table of schema public, from the catalog. A class of null means that it never went through internal.protect.</summary>
public sealed record Table(string Name, string? ClassName, string? Description, bool Enabled, bool Forced, bool IsPartition)
{
    public TableClass? Class => Enum.TryParse<TableClass>(ClassName, ignoreCase: true, out var value) ? value : null;

    /// <summary>The column that says whose a row is; the two roots are their own.</summary>
    public string KeyColumn => (Class, Name) switch
    {
        (TableClass.Tenant, "organizations") => "id",
        (TableClass.Tenant, _) => "organization_id",
        (TableClass.Personal, "users") => "id",
        _ => "user_id",
    };

    /// <summary>The name as SQL has it. The check runs with an administrator's rights, and whoever made a table chose its name.</summary>
    internal string Identifier => Catalog.Identifier(Name);

    public string Setting => Class == TableClass.Personal ? "fluxgate.user_id" : "fluxgate.organization_id";
}

/// <summary>A row level security policy as the catalog has it. The expressions are SQL; null where the policy has none.</summary>
public sealed record Policy(string Table, string Name, bool Permissive, string Command, string Roles, string? Using, string? Check);

/// <summary>Questions to PostgreSQL's catalog.</summary>
internal static class Catalog
{
    /// <summary>Who was granted what on which table of schema public, its owner apart. Grants of single columns are among them: a column of others' rows is as much of a leak.</summary>
    public const string Grants =
        """
        (select distinct c.oid, c.relname::text as name, c.relispartition as partition, g.privilege_type as verb, g.grantee, case g.grantee when 0 then 'public' else g.grantee::regrole::text end as role
         from pg_class c, lateral (select (aclexplode(c.relacl)).* union all select (aclexplode(a.attacl)).* from pg_attribute a where a.attrelid = c.oid) g
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and g.grantee <> c.relowner)
        """;

    public static Task<IReadOnlyList<Table>> Tables(NpgsqlConnection connection, CancellationToken cancel = default) => connection.Query(
        """
        select c.relname, split_part(obj_description(c.oid, 'pg_class'), ':', 1), substring(obj_description(c.oid, 'pg_class') from '^[a-z]+: (.*)$'), c.relrowsecurity, c.relforcerowsecurity, c.relispartition
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        order by c.relname
        """,
        r => new Table(r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetBoolean(3), r.GetBoolean(4), r.GetBoolean(5)), cancel);

    /// <summary>The policies of one table; PostgreSQL locks a table as a reader does, to write its conditions out.</summary>
    public static Task<IReadOnlyList<Policy>> Policies(NpgsqlConnection connection, Table table, CancellationToken cancel = default) => connection.Query(
        $"""
        select p.polname, p.polpermissive, case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
            (select string_agg(case role when 0 then 'public' else role::regrole::text end, ', ') from unnest(p.polroles) role), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        from pg_policy p where p.polrelid = (select oid from pg_class where relnamespace = 'public'::regnamespace and relname = {Literal(table.Name)})
        order by p.polname
        """,
        r => new Policy(table.Name, r.GetString(0), r.GetBoolean(1), r.GetString(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), r.IsDBNull(5) ? null : r.GetString(5)), cancel);

    /// <summary>Roles that the product does not know and that a grant or a policy lets at a table. Superusers are left out: nothing holds them.</summary>
    public static Task<IReadOnlyList<(string Table, string Role)>> OtherRoles(NpgsqlConnection connection, CancellationToken cancel = default) => connection.Query(
        $"""
        select distinct reach.name, quote_ident(r.rolname)
        from (select g.name, g.grantee from {Grants} g where not g.partition
              union select c.relname, unnest(p.polroles) from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = 'public'::regnamespace) reach
        join pg_roles r on r.oid = reach.grantee
        where not r.rolsuper and r.rolname not in ({string.Join(", ", DatabaseRole.All.Select(role => $"'{role}'"))})
        order by 1, 2
        """, r => (r.GetString(0), r.GetString(1)), cancel);

    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static async Task<IReadOnlyList<T>> Query<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel = default)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows;
    }

    public static async Task<int> Execute(this NpgsqlConnection connection, string sql, CancellationToken cancel = default)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<T> Scalar<T>(this NpgsqlConnection connection, string sql, CancellationToken cancel = default)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }
}
