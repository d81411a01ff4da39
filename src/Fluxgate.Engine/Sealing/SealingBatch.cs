using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Sealing;

/// <summary>
/// One batch of the sealing queue, of any number of organizations, in one transaction. Taking rows out of the queue is
/// the fence: a row that another sealer took is not there to be taken again, so a log neither forks nor repeats, and
/// a batch that dies anywhere leaves everything as it was.
/// </summary>
internal sealed class SealingBatch(Database database, TimeProvider clock)
{
    public const int MaxEvents = 1000;

    /// <summary>Milliseconds that a batch waits for a log that another sealer has locked.</summary>
    private const int LockTimeout = 5000;

    private sealed record QueueRow(OrganizationId OrganizationId, Guid Id);

    private sealed record TakenRow(OrganizationId OrganizationId, Guid Id, byte[] Leaf);

    private sealed record HeadRow(OrganizationId OrganizationId, long Size, byte[] Chain);

    /// <summary>How many events were sealed.</summary>
    public async Task<int> Seal(CancellationToken cancel)
    {
        var waiting = await database.Platform.Query<QueueRow>($"select organization_id, id from audit_queue order by id limit {MaxEvents}", cancel);
        if (waiting.Count == 0)
            return 0;
        var organizations = waiting.Select(w => w.OrganizationId).Distinct().ToArray();
        return await database.Writer(organizations, LockTimeout).Transact(transaction => Seal(transaction, waiting, organizations, cancel), cancel);
    }

    private async Task<int> Seal(Transaction transaction, IReadOnlyList<QueueRow> waiting, OrganizationId[] organizations, CancellationToken cancel)
    {
        var taken = await Take(transaction, waiting, cancel);
        if (taken.Count == 0)
            return 0;
        var logs = await Heads(transaction, organizations, cancel);
        var leaves = new LeafColumns(taken.Count);
        foreach (var row in taken.OrderBy(t => t.Id))
        {
            var log = logs[row.OrganizationId];
            log.Chain = AuditHash.Chain(log.Chain, log.Size, row.Leaf);
            leaves.Add(row.OrganizationId, log.Size, row.Id, row.Leaf, log.Chain);
            log.Size++;
        }
        await Insert(transaction, leaves, cancel);
        await Advance(transaction, logs.Where(l => l.Value.Size > l.Value.SizeBefore), cancel);
        return taken.Count;
    }

    private static Task<IReadOnlyList<TakenRow>> Take(Transaction transaction, IReadOnlyList<QueueRow> waiting, CancellationToken cancel) =>
        transaction.Query<TakenRow>($"""
            delete from audit_queue q
            using unnest({waiting.Select(w => w.OrganizationId.Value).ToArray()}, {waiting.Select(w => w.Id).ToArray()}) as w (organization_id, id)
            where q.organization_id = w.organization_id and q.id = w.id
            returning q.organization_id, q.id, q.leaf
            """, cancel);

    /// <summary>Where each log stands, locked until the commit, so that two sealers that hold different rows take turns.</summary>
    private static async Task<Dictionary<OrganizationId, SealedLog>> Heads(Transaction transaction, OrganizationId[] organizations, CancellationToken cancel)
    {
        var rows = await transaction.Query<HeadRow>($"""
            select organization_id, size, chain
            from audit_heads
            where organization_id = any({organizations.Select(o => o.Value).ToArray()})
            order by organization_id
            for update
            """, cancel);
        var logs = organizations.ToDictionary(o => o, o => new SealedLog(0, AuditHash.Genesis(o)));
        foreach (var row in rows)
            logs[row.OrganizationId] = new SealedLog(row.Size, row.Chain);
        return logs;
    }

    private async Task Insert(Transaction transaction, LeafColumns leaves, CancellationToken cancel) =>
        await transaction.Execute($"""
            insert into audit_leaves (organization_id, index, event_id, leaf, chain, sealed_at)
            select u.organization_id, u.index, u.event_id, u.leaf, u.chain, {clock.GetUtcNow()}
            from unnest({leaves.Organizations}, {leaves.Indexes}, {leaves.Events}, {leaves.Leaves}, {leaves.Chains}) as u (organization_id, index, event_id, leaf, chain)
            """, cancel);

    /// <summary>A first head that another sealer made meanwhile makes this batch fail by its leaves' key, not overwrite it.</summary>
    private static async Task Advance(Transaction transaction, IEnumerable<KeyValuePair<OrganizationId, SealedLog>> grown, CancellationToken cancel)
    {
        var logs = grown.ToArray();
        await transaction.Execute($"""
            insert into audit_heads (organization_id, size, chain)
            select * from unnest({logs.Select(l => l.Key.Value).ToArray()}, {logs.Select(l => l.Value.Size).ToArray()}, {logs.Select(l => l.Value.Chain).ToArray()})
            on conflict (organization_id) do update set size = excluded.size, chain = excluded.chain
            """, cancel);
    }

    /// <summary>A log as the batch builds on it.</summary>
    private sealed class SealedLog(long size, byte[] chain)
    {
        public long SizeBefore { get; } = size;

        public long Size { get; set; } = size;

        public byte[] Chain { get; set; } = chain;
    }

    private sealed class LeafColumns(int count)
    {
        private int next;

        public Guid[] Organizations { get; } = new Guid[count];

        public long[] Indexes { get; } = new long[count];

        public Guid[] Events { get; } = new Guid[count];

        public byte[][] Leaves { get; } = new byte[count][];

        public byte[][] Chains { get; } = new byte[count][];

        public void Add(OrganizationId organization, long index, Guid eventId, byte[] leaf, byte[] chain)
        {
            (Organizations[next], Indexes[next], Events[next], Leaves[next], Chains[next]) = (organization.Value, index, eventId, leaf, chain);
            next++;
        }
    }
}
