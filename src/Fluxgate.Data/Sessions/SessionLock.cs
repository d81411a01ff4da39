using Npgsql;

namespace Fluxgate.Data.Sessions;

/// <summary>What one node of the installation does at a time. The numbers are keys of PostgreSQL advisory locks: everywhere the same, never used again.</summary>
public enum SessionLockName : long
{
    AuditSealer = 7_213_046_561,
}

/// <summary>
/// An advisory lock held by a connection of its own, so that PostgreSQL frees it the moment this process dies. It says
/// who works, not that the work is safe: a node cut off from its lock may go on for a while, so what it writes needs a
/// fence of its own.
/// </summary>
public sealed class SessionLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private SessionLock(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>The lock, or null if another session holds it.</summary>
    public static Task<SessionLock?> TryTake(Database database, SessionLockName name, CancellationToken cancel) =>
        TryTake(database, (long)name, cancel);

    /// <summary>The same for a key that is drawn at random, such as a node's own.</summary>
    public static async Task<SessionLock?> TryTake(Database database, long key, CancellationToken cancel)
    {
        var connection = await database.OpenPlatformConnection(cancel);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = key } } };
            if (await command.ExecuteScalarAsync(cancel) is true)
                return new SessionLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Whether the connection that holds the lock still answers.</summary>
    public async Task<bool> IsHeld(CancellationToken cancel)
    {
        try
        {
            await using var command = new NpgsqlCommand("select 1", connection);
            return await command.ExecuteScalarAsync(cancel) is 1;
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
