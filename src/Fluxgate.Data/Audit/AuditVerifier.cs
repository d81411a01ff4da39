using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Audit;

/// <summary>Recomputes what the log claims, from the events' content up. Trusts no stored hash that it can compute.</summary>
public sealed class AuditVerifier(Database database)
{
    /// <summary>Entries read at a time; an event has at most about 800 KB.</summary>
    private const int BatchSize = 200;

    /// <summary>
    /// The checks of one event: its content, its leaf, its link. Null if nothing in this organization's log, queue or
    /// events names it.
    /// </summary>
    public async Task<EventVerification?> Verify(OrganizationId organization, Guid id, CancellationToken cancel)
    {
        var entry = await database.Tenant(organization, null).QueryOptional<VerifiedEntry>($"""
            select asked.id as event_id, {VerifiedEntry.EventColumns},
                coalesce(l.leaf, q.leaf) as sealed_leaf, l.index, l.chain, p.chain as previous_chain
            from (select {id} as id) asked
            left join audit_events e on e.organization_id = {organization} and e.id = asked.id
            left join audit_leaves l on l.organization_id = {organization} and l.event_id = asked.id
            left join audit_queue q on q.organization_id = {organization} and q.id = asked.id
            left join audit_leaves p on p.organization_id = {organization} and p.index = l.index - 1
            where e.id is not null or l.event_id is not null or q.id is not null
            """, cancel);
        if (entry is null)
            return null;
        var steps = new List<AuditStep> { Step("content", entry.ContentFault()), Step("leaf", entry.LeafFault()) };
        var pending = entry.Index is null && entry.SealedLeaf is not null;
        if (entry.Index is { } index)
        {
            var previous = index == 0 ? AuditHash.Genesis(organization) : entry.PreviousChain;
            steps.Add(Step("chain", previous is null ? $"Entry {index - 1} is missing." : entry.ChainFault(previous)));
        }
        return new EventVerification(steps.All(s => s.Holds), pending, entry.Index, steps);
    }

    /// <summary>Every event and every link from the first to the head; stops at the first that fails.</summary>
    public async Task<LogVerification> VerifyAll(OrganizationId organization, CancellationToken cancel)
    {
        var session = database.Tenant(organization, null);
        // One statement, one snapshot: what is sealed meanwhile is left for the next time.
        var state = await session.QueryOne<LogState>($"""
            select h.size, h.chain as head_chain,
                (select count(*) from audit_leaves where organization_id = {organization}) as leaves,
                (select max(index) from audit_leaves where organization_id = {organization}) as last_index,
                (select count(*) from audit_events where organization_id = {organization}) as events,
                (select count(*) from audit_queue where organization_id = {organization}) as pending,
                (select e.id from audit_events e
                    where e.organization_id = {organization}
                        and not exists (select from audit_leaves l where l.organization_id = {organization} and l.event_id = e.id)
                        and not exists (select from audit_queue q where q.organization_id = {organization} and q.id = e.id)
                    order by e.id limit 1) as loose_event,
                (select q.id from audit_queue q
                    where q.organization_id = {organization}
                        and not exists (select from audit_events e where e.organization_id = {organization} and e.id = q.id)
                    order by q.id limit 1) as lost_event
            from (select 1) one
            left join audit_heads h on h.organization_id = {organization}
            """, cancel);
        var (verified, failure) = await Walk(session, organization, state, cancel);
        return new LogVerification(failure is null, state.Events, state.Leaves, state.Pending, verified, failure);
    }

    private static async Task<(long Verified, AuditFailure? Failure)> Walk(Session session, OrganizationId organization, LogState state, CancellationToken cancel)
    {
        var size = Math.Max(state.Size ?? 0, (state.LastIndex ?? -1) + 1);
        var chain = AuditHash.Genesis(organization);
        long next = 0;
        while (next < size)
        {
            var entries = await Entries(session, organization, next, size, cancel);
            foreach (var entry in entries)
            {
                if (entry.Index != next)
                    break;
                if (entry.Fault(chain) is { } step)
                    return (next, new AuditFailure(next, entry.EventId, step.Name, step.Fault!));
                chain = entry.Chain!;
                next++;
            }
            if (entries.Count == 0 || entries[^1].Index != next - 1)
                return (next, new AuditFailure(next, null, "chain", $"Entry {next} is missing."));
        }
        if (state.Size is null ? size > 0 : state.Size != size || !state.HeadChain.AsSpan().SequenceEqual(chain))
            return (next, new AuditFailure(Math.Min(state.Size ?? 0, size), null, "head", "The head does not name the last entry of the log."));
        if (state.LooseEvent is { } loose)
            return (next, new AuditFailure(null, loose, "leaf", "The event is neither sealed nor waiting to be."));
        if (state.LostEvent is { } lost)
            return (next, new AuditFailure(null, lost, "content", "The event that waits to be sealed is missing."));
        return (next, null);
    }

    private static Task<IReadOnlyList<VerifiedEntry>> Entries(Session session, OrganizationId organization, long from, long to, CancellationToken cancel) =>
        session.Query<VerifiedEntry>($"""
            select l.event_id, {VerifiedEntry.EventColumns}, l.leaf as sealed_leaf, l.index, l.chain, null::bytea as previous_chain
            from audit_leaves l
            left join audit_events e on e.organization_id = l.organization_id and e.id = l.event_id
            where l.organization_id = {organization} and l.index >= {from} and l.index < {to}
            order by l.index
            limit {BatchSize}
            """, cancel);

    private static AuditStep Step(string name, string? fault) => new(name, fault is null, fault);

    private sealed record LogState(
        long? Size, byte[]? HeadChain, long Leaves, long? LastIndex, long Events, long Pending, Guid? LooseEvent, Guid? LostEvent);
}
