using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Polls;

/// <summary>A feed or mailbox that is to be looked into, for this node to see to.</summary>
internal sealed record DuePoll(OrganizationId OrganizationId, WorkflowId WorkflowId, DateTimeOffset NextAt);

/// <summary>Claims polls that are due, on whichever node comes first, as <see cref="Triggers.ScheduleClock"/> claims schedules.</summary>
internal sealed class PollClock(Database database, PollTurn turn, TimeProvider clock, ILogger<PollClock> log) : BackgroundService
{
    /// <summary>Polls of one turn, and of one organization in it: many slow servers of one do not make the others wait.</summary>
    private const int BatchSize = 32;
    private const int OfEach = 4;

    private const int AtOnce = 8;

    /// <summary>Longer than a look may take (<see cref="PollTurn.Longest"/>): while one lasts nobody else looks.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

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
                log.LogError(e, "The look for due polls failed");
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
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (poll, stop) =>
        {
            try
            {
                await turn.Take(poll, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.LogError(e, "The source of workflow {Workflow} was not looked into; it is tried again in a few minutes", poll.WorkflowId);
            }
        });
        return due.Count;
    }

    private Task<IReadOnlyList<DuePoll>> Claim(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return database.Platform.Query<DuePoll>($"""
            with fair as (
                select organization_id, workflow_id
                from (select organization_id, workflow_id, due_at, row_number() over (partition by organization_id order by due_at) as turn
                      from polls where due_at <= {now}) r
                where turn <= {OfEach}
                order by turn, due_at
                limit {BatchSize}
            ), free as (
                select p.organization_id, p.workflow_id
                from polls p join fair f on f.organization_id = p.organization_id and f.workflow_id = p.workflow_id
                where p.due_at <= {now}
                for update of p skip locked
            )
            update polls p set due_at = {now + Lease}
            from free f where p.organization_id = f.organization_id and p.workflow_id = f.workflow_id
            returning p.organization_id, p.workflow_id, p.next_at
            """, cancel);
    }
}
