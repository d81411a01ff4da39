using System.Buffers.Binary;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Cluster;

/// <summary>
/// This server among the others. It holds the session advisory lock of its row; PostgreSQL lets go of that lock the
/// moment the process dies, and whoever can take it then knows that the server's runs need a new owner.
/// </summary>
public sealed class ClusterNode(Database database, TimeProvider clock, ILogger<ClusterNode> log) : IAsyncDisposable
{
    private SessionLock? held;

    /// <summary>This epoch of this process; a new one is taken after the lock was lost.</summary>
    public Guid Id { get; private set; }

    /// <summary>Enters the cluster under a new id.</summary>
    public async Task Join(CancellationToken cancel)
    {
        var id = Uuid.New(clock);
        // The last eight bytes of a UUIDv7 are random.
        var key = BinaryPrimitives.ReadInt64BigEndian(id.ToByteArray(bigEndian: true).AsSpan(8));
        var taken = await SessionLock.TryTake(database, key, cancel)
            ?? throw new InvalidOperationException("Another session holds the lock of a new node id.");
        if (held is not null)
            await held.DisposeAsync();
        held = taken;
        var now = clock.GetUtcNow();
        await database.Platform.Execute($"insert into cluster_nodes (id, lock_key, started_at, heartbeat_at) values ({id}, {key}, {now}, {now})", cancel);
        Id = id;
    }

    /// <summary>Whether the lock is still ours; false means that others may be taking our runs.</summary>
    public async Task<bool> Beat(CancellationToken cancel)
    {
        if (held is null || !await held.IsHeld(cancel))
            return false;
        return await database.Platform.Execute($"update cluster_nodes set heartbeat_at = {clock.GetUtcNow()} where id = {Id}", cancel) == 1;
    }

    /// <summary>Frees the runs of nodes that died, so that anybody may claim them; the number of nodes buried.</summary>
    public async Task<int> BuryTheDead(CancellationToken cancel) => await database.Platform.Transact(async transaction =>
    {
        // The lock of a row that can be taken belongs to nobody alive; it is held until the end of this transaction,
        // so that of two nodes that see the death one acts.
        var dead = await transaction.Query<Guid>($"select id from cluster_nodes where id <> {Id} and pg_try_advisory_xact_lock(lock_key)", cancel);
        if (dead.Count == 0)
            return 0;
        var ids = dead.ToArray();
        var freed = await transaction.Execute($"update run_work set node_id = null, due_at = {clock.GetUtcNow()} where node_id = any ({ids})", cancel);
        await transaction.Execute($"delete from cluster_nodes where id = any ({ids})", cancel);
        log.LogWarning("{Nodes} node(s) died; {Runs} of their runs are free to be claimed", dead.Count, freed);
        return dead.Count;
    }, cancel);

    /// <summary>Leaves in good order: the runs of this node are free at once.</summary>
    public async Task Leave(CancellationToken cancel)
    {
        await database.Platform.Transact(async transaction =>
        {
            await transaction.Execute($"update run_work set node_id = null, due_at = {clock.GetUtcNow()} where node_id = {Id}", cancel);
            await transaction.Execute($"delete from cluster_nodes where id = {Id}", cancel);
        }, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (held is not null)
            await held.DisposeAsync();
    }
}
