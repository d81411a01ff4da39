using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Schedules;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Triggers;

/// <summary>
/// Keeps a due schedule: starts the runs of its times, then moves it to its next time. A time is its own receipt, so
/// whoever does the same again, after a crash between the two or beside a slow node, finds the runs that are there.
/// </summary>
internal sealed class ScheduledStarts(Database database, WorkflowCatalog workflows, RunHost runs, AuditLog audit, TimeProvider clock, ILogger<ScheduledStarts> log)
{
    private static readonly Actor Self = Actor.System("schedule");

    private sealed record ScheduledWorkflow(string Name, int PublishedVersion, RunId? LastRunId);

    public async Task Keep(DueSchedule due, CancellationToken cancel)
    {
        var session = database.Engine(due.OrganizationId);
        var row = await session.QueryOptional<ScheduledWorkflow>($"""
            select w.name, w.published_version, s.last_run_id
            from schedules s join workflows w on w.organization_id = s.organization_id and w.id = s.workflow_id
            where s.organization_id = {due.OrganizationId} and s.workflow_id = {due.WorkflowId} and s.next_at = {due.NextAt} and w.state = 'published'
            """, cancel);
        // Paused, archived or published anew since it was claimed.
        if (row is null)
            return;
        var workflow = await workflows.Get(due.OrganizationId, due.WorkflowId, row.PublishedVersion, cancel);
        if (workflow.Error is { } unreadable)
        {
            log.LogError("Workflow {Workflow} cannot be read ({Error}), so its schedule waits; it is looked at again in a minute", due.WorkflowId, unreadable.Code);
            return;
        }
        var schedule = Schedule.Of(workflow.Value.Trigger);
        var now = clock.GetUtcNow();
        var turn = schedule.Turn(due.NextAt, now);
        var skipped = new List<Skipped>();
        if (turn.SkippedUntil is { } until)
            skipped.Add(new Skipped("missed", due.NextAt, until));
        var lastRun = row.LastRunId;
        foreach (var time in turn.Times)
        {
            if (schedule.Overlap == OverlappingTimes.Skip && lastRun is { } last && await IsUnfinished(session, due, last, cancel))
            {
                skipped.Add(new Skipped("overlap", time.At, time.At));
                continue;
            }
            var started = await Start(due, row, time, cancel);
            if (started.Succeeded)
            {
                lastRun = started.Value.Run;
                continue;
            }
            if (started.Error.Kind == ErrorKind.Unavailable)
                throw new InvalidOperationException($"The run was not started: {started.Error.Message}");
            log.LogError("No run of workflow {Workflow} was started for {Time}: {Error}", due.WorkflowId, time.At, started.Error.Message);
            skipped.Add(new Skipped(started.Error.Code, time.At, time.At));
        }
        await Advance(session, due, row.Name, lastRun, schedule.Next(now), skipped, cancel);
    }

    private Task<Result<StartedRun>> Start(DueSchedule due, ScheduledWorkflow workflow, ScheduledTime time, CancellationToken cancel)
    {
        var at = Text(time.At);
        var trigger = CelValue.Map(
            ("type", CelValue.From(TriggerType.Schedule.Name)),
            ("scheduled_at", CelValue.From(at)),
            ("missed", CelValue.From(time.Missed)));
        return runs.Start(
            new RunStart(due.OrganizationId, due.WorkflowId, workflow.PublishedVersion, workflow.Name, TriggerType.Schedule.Name, trigger, Self)
            {
                Receipt = new TriggerReceipt($"schedule:{at}", SHA256.HashData(Encoding.UTF8.GetBytes(at))),
            }, cancel);
    }

    private static Task<bool> IsUnfinished(Session session, DueSchedule due, RunId run, CancellationToken cancel) =>
        session.QueryOne<bool>($"select exists (select from run_work where organization_id = {due.OrganizationId} and run_id = {run})", cancel);

    /// <summary>
    /// Whoever still finds the time that it kept moves the schedule on, and records what was skipped, once. A pause that
    /// came meanwhile stays. The last run is kept in any case: it is what a later time may overlap with.
    /// </summary>
    private Task Advance(Session session, DueSchedule due, string name, RunId? lastRun, DateTimeOffset next, List<Skipped> skipped, CancellationToken cancel) =>
        session.Transact(async transaction =>
        {
            await transaction.Execute($"""
                update schedules set last_run_id = greatest(last_run_id, {lastRun})
                where organization_id = {due.OrganizationId} and workflow_id = {due.WorkflowId}
                """, cancel);
            var moved = await transaction.Execute($"""
                update schedules set next_at = {next}, due_at = case when due_at = 'infinity' then due_at else {next} end
                where organization_id = {due.OrganizationId} and workflow_id = {due.WorkflowId} and next_at = {due.NextAt}
                """, cancel);
            if (moved == 0)
                return;
            foreach (var group in skipped.GroupBy(s => s.Reason))
                await audit.Append(transaction, due.OrganizationId, new AuditEntry("schedule.skipped", "execute", Self, new AuditResource("workflow", due.WorkflowId.Value, name))
                {
                    Result = "denied",
                    Details = new JsonObject { ["reason"] = group.Key, ["from"] = Text(group.First().From), ["to"] = Text(group.Last().To) },
                }, cancel);
        }, cancel);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Times that have no run, the first and the last of them.</summary>
    private sealed record Skipped(string Reason, DateTimeOffset From, DateTimeOffset To);
}
