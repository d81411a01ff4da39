using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Data.Sessions;
using Npgsql;

namespace Fluxgate.Data.Migrations;

/// <summary>
/// Brings a database to this build's schema: forward only, one file one transaction, under an advisory lock so that
/// nodes that start together do not race. A file that has been applied must not change; its hash is kept.
/// </summary>
public sealed class Migrator(DatabaseOptions options)
{
    /// <summary>Advisory lock of the migrations; the digits spell nothing, they only have to be the same everywhere.</summary>
    private const long MigrationLock = 7_213_046_551;

    /// <summary>Names of the files applied now, in order.</summary>
    public async Task<IReadOnlyList<string>> Migrate(CancellationToken cancel)
    {
        await EnsureDatabaseAndRoles(cancel);
        await using var source = Database.Source(options, DatabaseRole.Owner, maxConnections: 1);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Run(connection, $"select pg_advisory_lock({MigrationLock.ToString(CultureInfo.InvariantCulture)})", cancel);
        await Run(connection, "create table if not exists schema_migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())", cancel);
        var known = await Known(connection, cancel);
        var applied = new List<string>();
        foreach (var (name, text) in Files())
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            if (known.TryGetValue(name, out var knownHash))
            {
                if (knownHash != hash)
                    throw new InvalidOperationException($"Migration {name} was applied with another text. Applied migrations never change; write a new one.");
                continue;
            }
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await Run(connection, text, cancel);
            await using var record = new NpgsqlCommand("insert into schema_migrations (name, sha256) values ($1, $2)", connection, transaction)
            {
                Parameters = { new() { Value = name }, new() { Value = hash } },
            };
            await record.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
            applied.Add(name);
        }
        return applied;
    }

    /// <summary>The migration files of this build, by name.</summary>
    internal static IEnumerable<(string Name, string Text)> Files()
    {
        var assembly = typeof(Migrator).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (string.Join('.', resource.Split('.')[^2..]), reader.ReadToEnd());
        }
    }

    private static async Task<Dictionary<string, string>> Known(NpgsqlConnection connection, CancellationToken cancel)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name, sha256 from schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            known[reader.GetString(0)] = reader.GetString(1);
        return known;
    }

    /// <summary>Roles belong to the cluster, not to the database, so they come before the migrations, from the administrator.</summary>
    private async Task EnsureDatabaseAndRoles(CancellationToken cancel)
    {
        await using var source = Database.Source(options.Of("postgres"), options.AdminUser, maxConnections: 1);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Run(connection, $"select pg_advisory_lock({MigrationLock.ToString(CultureInfo.InvariantCulture)})", cancel);
        foreach (var role in DatabaseRole.All)
        {
            var login = role == DatabaseRole.Search ? "nologin" : "login";
            await Run(connection, $"do $$ begin if not exists (select from pg_roles where rolname = '{role}') then create role {role} {login} nosuperuser nobypassrls nocreatedb nocreaterole; end if; end $$", cancel);
        }
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = options.Name } } };
        if (await exists.ExecuteScalarAsync(cancel) is null)
        {
            var name = new NpgsqlCommandBuilder().QuoteIdentifier(options.Name);
            await Run(connection, $"create database {name} owner {DatabaseRole.Owner}", cancel);
            await Run(connection, $"revoke all on database {name} from public", cancel);
            await Run(connection, $"grant connect on database {name} to {DatabaseRole.App}, {DatabaseRole.Engine}, {DatabaseRole.Platform}", cancel);
        }
    }

    private static async Task Run(NpgsqlConnection connection, string text, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(text, connection);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
