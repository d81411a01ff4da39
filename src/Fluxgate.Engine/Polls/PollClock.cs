using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Cluster;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Polls;

/// <summary>A feed or mailbox that is to be looked into, for this node to see to.</summary>
internal sealed record DuePoll(OrganizationId OrganizationId, WorkflowId WorkflowId, DateTimeOffset NextAt, DateTimeOffset ClaimedUntil) : IDue
{
    public Guid Key => WorkflowId.Value;
}

/// <summary>Claims feeds and mailboxes that are to be looked into.</summary>
internal sealed class PollClock(Database database, PollTurn turn, TimeProvider clock, ILogger<PollClock> log)
    : DueClock<DuePoll>(places: 16, wakeup: null, clock, log)
{
    /// <summary>Longer than a look may take (<see cref="PollTurn.Longest"/>): while one lasts nobody else looks.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly DueRows<DuePoll> rows = new(database, $"polls", $"workflow_id", $"d.workflow_id, d.next_at", Lease);

    protected override Task<IReadOnlyList<DuePoll>> Claim(DateTimeOffset now, int limit, Guid[] full) => rows.Claim(now, limit, full);

    protected override Task Take(DuePoll due, CancellationToken cancel) => turn.Take(due, cancel);

    protected override Task Release(DuePoll due) => rows.Release(due);
}
