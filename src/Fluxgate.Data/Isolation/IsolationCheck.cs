using Fluxgate.Data.Sessions;
using Npgsql;

namespace Fluxgate.Data.Isolation;

/// <summary>A table that is an exception, and why; a reason of null means that nobody has given one.</summary>
public sealed record ExemptTable(string Name, string? Reason);

/// <summary>
/// What the check found. <paramref name="WithoutAppPolicy"/> have no policy that shows the app any row.
/// <paramref name="AcrossOrganizations"/> show the platform's role the rows of everybody, by decision.
/// <paramref name="Probes"/>: how many times a table was tried under a role.
/// </summary>
public sealed record IsolationReport(
    IReadOnlyList<Table> Tables, IReadOnlyList<Policy> Policies, IReadOnlyList<ExemptTable> WithoutAppPolicy, IReadOnlyList<ExemptTable> AcrossOrganizations,
    IReadOnlyList<string> Faults, int Probes);

/// <summary>
/// Whether PostgreSQL keeps organizations and people apart in this database as it is now: the catalog is read, and every
/// table is tried under every role that comes near it as a second organization or person. Run as the administrator.
/// </summary>
public static class IsolationCheck
{
    /// <summary>How often a table is tried that somebody holds.</summary>
    private const int Attempts = 3;

    public static async Task<IsolationReport> Run(DatabaseOptions options, CancellationToken cancel)
    {
        await using var source = Database.Source(options, options.AdminUser, maxConnections: 1);
        await using var connection = await source.OpenConnectionAsync(cancel);
        return await Run(connection, cancel);
    }

    internal static async Task<IsolationReport> Run(NpgsqlConnection connection, CancellationToken cancel)
    {
        // A migration that waits for a table waits for us, and every request waits behind the migration: so we never wait long.
        await connection.Execute("set lock_timeout = '1s'", cancel);
        await RefuseUnlessRolesAreTaken(connection, cancel);
        var tables = (await Catalog.Tables(connection, cancel)).Where(t => !t.IsPartition).ToList();
        var others = (await Catalog.OtherRoles(connection, cancel)).ToLookup(o => o.Table, o => o.Role);
        var policies = new List<Policy>();
        var faults = new List<string>(await IsolationRules.Faults(connection, cancel));
        var probes = 0;
        foreach (var table in tables)
        {
            if (await Try(() => Catalog.Policies(connection, table, cancel), faults, table.Name) is not { } own)
                continue;
            policies.AddRange(own);
            foreach (var (role, open) in table.Class is null ? [] : Probed(table, own, others[table.Name]))
            {
                if (await Try(() => Probe(connection, table, role).Run(open, cancel: cancel), faults, $"{table.Name}: {role}") is not { } found)
                    continue;
                faults.AddRange(found);
                probes++;
            }
        }
        // An empty list of faults must never mean that there was nothing to look at.
        if (probes == 0 && faults.Count == 0)
            throw new InvalidOperationException("The database has no tables of Fluxgate, so nothing was checked. Run 'fluxgate migrate' first, or see whether the configuration names the right database.");
        return new IsolationReport(
            tables, policies,
            [.. tables.Where(t => !Has(policies, t, DatabaseRole.App)).Select(t => new ExemptTable(t.Name, t.Class == TableClass.Platform ? t.Description : null))],
            [.. tables.Where(t => Has(policies, t, DatabaseRole.Platform)).Select(t => new ExemptTable(t.Name, AcrossOrganizations.Tables.GetValueOrDefault(t.Name)))],
            faults, probes);
    }

    internal static IsolationProbe Probe(NpgsqlConnection connection, Table table, string role) => new(connection, table, role, id => role == DatabaseRole.Engine
        ? $"set local fluxgate.organization_ids = '{{{id}}}'"
        : $"set local {table.Setting} = '{id}'");

    /// <summary>
    /// Each role that comes near the table, and whether one side has rows of it: the app by class, the engine by its policy.
    /// The platform's policies show everything where the list says so, which leaves nothing to try; elsewhere it has no row.
    /// </summary>
    private static IEnumerable<(string Role, bool Open)> Probed(Table table, IReadOnlyList<Policy> policies, IEnumerable<string> others)
    {
        yield return (DatabaseRole.App, table.Class != TableClass.Platform);
        yield return (DatabaseRole.Engine, Has(policies, table, DatabaseRole.Engine));
        yield return (DatabaseRole.Search, false);
        if (!AcrossOrganizations.Tables.ContainsKey(table.Name))
            yield return (DatabaseRole.Platform, false);
        foreach (var other in others)
            yield return (other, false);
    }

    private static bool Has(IReadOnlyList<Policy> policies, Table table, string role) =>
        policies.Any(p => p.Table == table.Name && p.Permissive && p.Roles.Split(", ").Any(r => r == role || r == "public"));

    /// <summary>Null, and a fault, for a table that cannot be looked into: no reason to leave the others untried.</summary>
    private static async Task<IReadOnlyList<T>?> Try<T>(Func<Task<IReadOnlyList<T>>> work, List<string> faults, string what)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await work();
            }
            catch (PostgresException e) when (attempt < Attempts && e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                // Its holder may be done in a moment.
            }
            catch (Exception e) when (e is PostgresException or NotSupportedException)
            {
                faults.Add($"{what}: could not be tried: {(e as PostgresException)?.MessageText ?? e.Message}");
                return null;
            }
    }

    private static async Task RefuseUnlessRolesAreTaken(NpgsqlConnection connection, CancellationToken cancel)
    {
        var missing = new List<string>();
        foreach (var role in DatabaseRole.All)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            try
            {
                await connection.Execute($"set local role {role}", cancel);
            }
            // The second: there is no such role.
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue)
            {
                missing.Add(role);
            }
            await transaction.RollbackAsync(cancel);
        }
        if (missing.Count > 0)
            throw new InvalidOperationException($"Nothing was checked: the check takes on the roles of the database, and {await connection.Scalar<string>("select quote_ident(session_user)", cancel)} (database.admin_user) cannot take on {string.Join(", ", missing)}. Run 'fluxgate migrate' if they do not exist; else have their administrator grant them to it, or name a superuser.");
    }
}
