using Npgsql;

namespace Fluxgate.Guards.Tests.Database;

public enum TableClass
{
    Tenant,
    Personal,
    Platform,
}

/// <summary>A table of schema public, from the catalog. A class of null means that it never went through internal.protect.</summary>
public sealed record Table(string Name, string? ClassName, bool Enabled, bool Forced, bool Partitioned, bool IsPartition)
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

    public string Setting => Class == TableClass.Personal ? "fluxgate.user_id" : "fluxgate.organization_id";
}

public static class Catalog
{
    public static Task<IReadOnlyList<Table>> Tables(NpgsqlConnection connection) => connection.Query(
        """
        select c.relname, split_part(obj_description(c.oid, 'pg_class'), ':', 1), c.relrowsecurity, c.relforcerowsecurity, c.relkind = 'p', c.relispartition
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        order by c.relname
        """,
        r => new Table(r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetBoolean(2), r.GetBoolean(3), r.GetBoolean(4), r.GetBoolean(5)));

    public static async Task<IReadOnlyList<Table>> Tables()
    {
        await using var connection = await Installation.Connect();
        return await Tables(connection);
    }
}
