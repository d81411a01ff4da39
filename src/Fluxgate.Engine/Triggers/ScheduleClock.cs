using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Triggers;

/// <summary>A schedule whose time <paramref name="NextAt"/> has come, for this node to see to.</summary>
internal sealed record DueSchedule(OrganizationId OrganizationId, WorkflowId WorkflowId, DateTimeOffset NextAt) : IDue;

/// <summary>Claims schedules whose time has come.</summary>
internal sealed class ScheduleClock(Database database, ScheduledStarts starts, TimeProvider clock, ILogger<ScheduleClock> log) : DueClock<DueSchedule>(places: 16, clock, log)
{
    /// <summary>Of one organization in one claim: the many of one do not make the others wait.</summary>
    private const int OfEach = 4;

    /// <summary>Longer than a turn takes; one that takes longer is made again, and finds the runs that it had started.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    protected override Task Take(DueSchedule due, CancellationToken cancel) => starts.Keep(due, cancel);

    protected override Task<IReadOnlyList<DueSchedule>> Claim(DateTimeOffset now, int limit, Guid[] full) =>
        database.Platform.Query<DueSchedule>($"""
            with fair as (
                select organization_id, workflow_id
                from (select organization_id, workflow_id, due_at, row_number() over (partition by organization_id order by due_at) as turn
                      from schedules where due_at <= {now} and organization_id <> all ({full}::uuid[])) r
                where turn <= {OfEach}
                order by turn, due_at
                limit {limit}
            ), free as (
                select s.organization_id, s.workflow_id
                from schedules s join fair f on f.organization_id = s.organization_id and f.workflow_id = s.workflow_id
                where s.due_at <= {now}
                for update of s skip locked
            )
            update schedules s set due_at = {now + Lease}
            from free f where s.organization_id = f.organization_id and s.workflow_id = f.workflow_id
            returning s.organization_id, s.workflow_id, s.next_at
            """, CancellationToken.None);

    protected override Task Release(DueSchedule due) =>
        database.Platform.Execute($"""
            update schedules set due_at = next_at
            where organization_id = {due.OrganizationId} and workflow_id = {due.WorkflowId} and next_at = {due.NextAt} and due_at <> 'infinity'
            """, CancellationToken.None);
}
