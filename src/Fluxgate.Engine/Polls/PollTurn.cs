using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Runs;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Polls;

/// <summary>
/// Looks into a due source: starts a run for each item that is new, then keeps what was seen. An item is its own receipt, so
/// whoever does the same again, after a crash between the two, finds the runs that are there.
/// </summary>
internal sealed class PollTurn(
    Database database, KeyVault vault, WorkflowCatalog workflows, RunHost runs, FeedSource feeds, MailboxSource mailboxes, AuditLog audit, TimeProvider clock, ILogger<PollTurn> log)
{
    /// <summary>One look; less than the lease of the clock that claims it.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly Actor Self = Actor.System("poll");

    private sealed record PolledWorkflow(string Name, int PublishedVersion, byte[] Source, byte[]? State, int Failures);

    public async Task Take(DuePoll due, CancellationToken cancel)
    {
        var session = database.Engine(due.OrganizationId);
        var row = await session.QueryOptional<PolledWorkflow>($"""
            select w.name, w.published_version, p.source, p.state, p.failures
            from polls p join workflows w on w.organization_id = p.organization_id and w.id = p.workflow_id
            where p.organization_id = {due.OrganizationId} and p.workflow_id = {due.WorkflowId} and p.next_at = {due.NextAt} and w.state = 'published'
            """, cancel);
        // Paused, archived or published anew since it was claimed.
        if (row is null)
            return;
        var workflow = await workflows.Get(due.OrganizationId, due.WorkflowId, row.PublishedVersion, cancel);
        if (workflow.Error is { } unreadable)
        {
            log.LogError("Workflow {Workflow} cannot be read ({Error}), so its source waits; it is looked at again in a few minutes", due.WorkflowId, unreadable.Code);
            return;
        }
        // Nothing outside is asked for runs that would not begin.
        if (await runs.WhyOff(due.OrganizationId, due.WorkflowId, workflow.Value, cancel) is { } off)
        {
            log.LogWarning("Workflow {Workflow} is switched off ({Error}), so its source waits; it is looked at again in a few minutes", due.WorkflowId, off.Code);
            return;
        }
        var trigger = workflow.Value.Trigger;
        var cipher = await vault.For(due.OrganizationId, cancel);
        var state = row.State is null ? (CelValue?)null : CelValue.FromJson(cipher.Open(SealedField.PollState, due.WorkflowId.Value, row.State));
        var found = await LookInTime(due.OrganizationId, trigger, state, cancel);
        if (found.Succeeded)
            foreach (var item in found.Value.Items)
                if (await Start(due, row, trigger, item, cancel) is { } notStarted)
                {
                    found = notStarted;
                    break;
                }
        if (found.Error is { } error)
            await Fail(session, due, row, cipher, error, PollTrigger.Interval(trigger), cancel);
        else
            await Keep(session, due, row, cipher, found.Value, PollTrigger.Interval(trigger), cancel);
    }

    private async Task<Result<PollFound>> LookInTime(OrganizationId organization, Trigger trigger, CelValue? state, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            return trigger.Type == TriggerType.Rss
                ? await feeds.Look(organization, trigger.Settings, state, either.Token)
                : await mailboxes.Look(organization, trigger.Settings, state, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Error("poll.timeout", ErrorKind.Unavailable, $"The look took longer than {Longest.TotalSeconds} s.");
        }
    }

    /// <summary>Null once there is a run for the item, now or before.</summary>
    private async Task<Error?> Start(DuePoll due, PolledWorkflow workflow, Trigger trigger, PollItem item, CancellationToken cancel)
    {
        var started = await runs.Start(
            new RunStart(due.OrganizationId, due.WorkflowId, workflow.PublishedVersion, workflow.Name, trigger.Type.Name, item.Trigger, Self)
            {
                Receipt = new TriggerReceipt(item.Key, SHA256.HashData(Encoding.UTF8.GetBytes(item.Key))),
            }, cancel);
        if (started.Error is not { } error || error.Kind is ErrorKind.Unavailable or ErrorKind.TooMany)
            return started.Error;
        // What no run takes would be met at every look: it is left out, and the log says so.
        log.LogError("No run of workflow {Workflow} was started for {Item}: {Error}", due.WorkflowId, item.Key, error.Message);
        return null;
    }

    /// <summary>Only who still finds the time that it kept moves it on. A pause that came meanwhile stays.</summary>
    private async Task Keep(Session session, DuePoll due, PolledWorkflow row, OrganizationCipher cipher, PollFound found, TimeSpan interval, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var next = now + (found.HasMore ? Soon : interval);
        var state = cipher.Seal(SealedField.PollState, due.WorkflowId.Value, found.State.ToJson());
        await session.Transact(async transaction =>
        {
            var moved = await transaction.Execute($"""
                update polls set state = {state}, next_at = {next}, due_at = case when due_at = 'infinity' then due_at else {next} end,
                    looked_at = {now}, failures = 0, error_code = null, error_message = null
                where organization_id = {due.OrganizationId} and workflow_id = {due.WorkflowId} and next_at = {due.NextAt} and source = {row.Source}
                """, cancel);
            if (moved > 0 && row.Failures > 0)
                await Record(transaction, due, row, "trigger.recovered", "success", null, cancel);
        }, cancel);
    }

    /// <summary>Each failure in a row doubles the wait. The first of them is an event; what follows is the state of the workflow.</summary>
    private async Task Fail(Session session, DuePoll due, PolledWorkflow row, OrganizationCipher cipher, Error error, TimeSpan interval, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var wait = TimeSpan.FromTicks(Math.Min(interval.Ticks << Math.Min(row.Failures, 10), Math.Max(LongestBackoff.Ticks, interval.Ticks)));
        var message = cipher.Seal(SealedField.PollError, due.WorkflowId.Value, Encoding.UTF8.GetBytes(StorableText.Cut(error.Message, 1000)));
        await session.Transact(async transaction =>
        {
            var moved = await transaction.Execute($"""
                update polls set next_at = {now + wait}, due_at = case when due_at = 'infinity' then due_at else {now + wait} end,
                    looked_at = {now}, failures = failures + 1, error_code = {error.Code}, error_message = {message}
                where organization_id = {due.OrganizationId} and workflow_id = {due.WorkflowId} and next_at = {due.NextAt}
                """, cancel);
            if (moved > 0 && row.Failures == 0)
                await Record(transaction, due, row, "trigger.failed", "failed", error.Code, cancel);
        }, cancel);
    }

    private Task Record(Transaction transaction, DuePoll due, PolledWorkflow row, string type, string result, string? code, CancellationToken cancel) =>
        audit.Append(transaction, due.OrganizationId, new AuditEntry(type, "execute", Self, new AuditResource("workflow", due.WorkflowId.Value, row.Name))
        {
            Result = result,
            Details = new JsonObject { ["error"] = code },
        }, cancel);
}
