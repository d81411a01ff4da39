using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Triggers;

/// <summary>A schedule whose time <paramref name="NextAt"/> has come, for this node to see to.</summary>
internal sealed record DueSchedule(OrganizationId OrganizationId, WorkflowId WorkflowId, DateTimeOffset NextAt);

/// <summary>
/// Claims schedules that are due, on whichever node comes first, by moving their due time ahead: a node that dies, or a
/// turn that fails, only delays them, and no schedule that cannot start makes a node run hot.
/// </summary>
internal sealed class ScheduleClock(Database database, ScheduledStarts starts, TimeProvider clock, ILogger<ScheduleClock> log) : BackgroundService
{
    /// <summary>Schedules of one turn, and of one organization in it: many schedules of one do not make the others wait.</summary>
    private const int BatchSize = 64;
    private const int OfEach = 8;

    private const int AtOnce = 16;

    /// <summary>Longer than a turn takes; one that takes longer is made again, and finds the runs that it had started.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Turn(stoppingToken) > 0)
                    continue;
            }
            catch (DbException e)
            {
                log.LogWarning("PostgreSQL does not answer: {Error}", e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "The look for due schedules failed");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await Task.Delay(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> Turn(CancellationToken cancel)
    {
        var due = await Claim(cancel);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (schedule, stop) =>
        {
            try
            {
                await starts.Keep(schedule, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.LogError(e, "The schedule of workflow {Workflow} was not kept; it is tried again in a minute", schedule.WorkflowId);
            }
        });
        return due.Count;
    }

    private Task<IReadOnlyList<DueSchedule>> Claim(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return database.Platform.Query<DueSchedule>($"""
            with fair as (
                select organization_id, workflow_id
                from (select organization_id, workflow_id, due_at, row_number() over (partition by organization_id order by due_at) as turn
                      from schedules where due_at <= {now}) r
                where turn <= {OfEach}
                order by turn, due_at
                limit {BatchSize}
            ), free as (
                select s.organization_id, s.workflow_id
                from schedules s join fair f on f.organization_id = s.organization_id and f.workflow_id = s.workflow_id
                where s.due_at <= {now}
                for update of s skip locked
            )
            update schedules s set due_at = {now + Lease}
            from free f where s.organization_id = f.organization_id and s.workflow_id = f.workflow_id
            returning s.organization_id, s.workflow_id, s.next_at
            """, cancel);
    }
}
