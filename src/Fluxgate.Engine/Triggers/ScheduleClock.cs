using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Cluster;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Triggers;

/// <summary>A schedule whose time <paramref name="NextAt"/> has come, for this node to see to.</summary>
internal sealed record DueSchedule(OrganizationId OrganizationId, WorkflowId WorkflowId, DateTimeOffset NextAt, DateTimeOffset ClaimedUntil) : IDue
{
    public Guid Key => WorkflowId.Value;
}

/// <summary>Claims schedules whose time has come.</summary>
internal sealed class ScheduleClock(Database database, ScheduledStarts starts, TimeProvider clock, ILogger<ScheduleClock> log)
    : DueClock<DueSchedule>(places: 16, wakeup: null, clock, log)
{
    /// <summary>Longer than a turn takes; one that takes longer is made again, and finds the runs that it had started.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly DueRows<DueSchedule> rows = new(database, $"schedules", $"workflow_id", $"d.workflow_id, d.next_at", Lease);

    protected override Task<IReadOnlyList<DueSchedule>> Claim(DateTimeOffset now, int limit, Guid[] full) => rows.Claim(now, limit, full);

    protected override Task Take(DueSchedule due, CancellationToken cancel) => starts.Keep(due, cancel);

    protected override Task Release(DueSchedule due) => rows.Release(due);
}
