using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Isolation;

/// <summary>Whether the roles that serve are held to row level security: one that is superuser, owner or bypasses it sees everybody's rows.</summary>
public static class ServingRoles
{
    /// <summary>Throws, naming each role and why.</summary>
    public static async Task RefusePrivileged(Database database, CancellationToken cancel)
    {
        string[] roles = [DatabaseRole.App, DatabaseRole.Engine, DatabaseRole.Platform];
        var faults = await database.Platform.Query<string>($"""
            select r.rolname || fault.text
            from pg_roles r
            cross join lateral (values
                (r.rolsuper, ' is superuser'),
                (r.rolbypassrls, ' bypasses row level security'),
                (not r.rolsuper and pg_has_role(r.oid, {DatabaseRole.Owner}, 'member'), ' may act as the owner'),
                (exists (select from pg_class c where c.relowner = r.oid and c.relpersistence <> 't'), ' owns tables')) as fault (holds, text)
            where r.rolname = any({roles}) and fault.holds
            order by 1
            """, cancel);
        if (faults.Count > 0)
            throw new InvalidOperationException("The database's roles have more rights than production takes:" + string.Concat(faults.Select(f => $"\n  {f}.")));
    }
}
