using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>Says in this process that a run has ended whose error workflow is to start; others see it by polling.</summary>
public sealed class ErrorSignal
{
    private volatile TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Raised => raised.Task;

    public void Raise() => raised.TrySetResult();

    public void Take() => raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Starts the error workflows of runs that failed. The row that asks for it was written with the run's end and names the
/// id that the new run will have: a node that dies between the two only delays it, and no second one starts.
/// </summary>
internal sealed class ErrorStarts(Database database, RunLoader loader, RunHost runs, AuditLog audit, ErrorSignal signal, TimeProvider clock, ILogger<ErrorStarts> log) : BackgroundService
{
    private const int BatchSize = 64;

    /// <summary>After this another node, or this one, tries again.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private sealed record DueStart(OrganizationId OrganizationId, RunId RunId, RunId HandlerRunId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            signal.Take();
            try
            {
                if (await Turn(stoppingToken) == BatchSize)
                    continue;
            }
            catch (DbException e)
            {
                log.LogWarning("PostgreSQL does not answer: {Error}", e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "The look for error workflows to start failed");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await signal.Raised.WaitAsync(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> Turn(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = await database.Platform.Query<DueStart>($"""
            with free as (select organization_id, run_id from error_starts where due_at <= {now} order by due_at limit {BatchSize} for update skip locked)
            update error_starts s set due_at = {now + Lease}
            from free f where s.organization_id = f.organization_id and s.run_id = f.run_id
            returning s.organization_id, s.run_id, s.handler_run_id
            """, cancel);
        foreach (var start in due)
            await Start(start, cancel);
        return due.Count;
    }

    private async Task Start(DueStart due, CancellationToken cancel)
    {
        var failed = await loader.Load(due.OrganizationId, due.RunId, cancel);
        if (failed is null)
        {
            log.LogError("Run {Run} cannot be read, so its error workflow waits", due.RunId);
            return;
        }
        var state = new RunState(failed.Workflow);
        foreach (var recorded in failed.Events)
            state.Apply(recorded);
        var name = failed.Workflow.ErrorWorkflow!;
        var parent = new RunParent(due.RunId, state.Error!.Node ?? "", Depth: 1, Waits: false);
        var refused = await runs.StartCalled(failed.Identity, name, new CalledRun(due.HandlerRunId, parent, Input(failed, state), HandlesError: true), cancel);
        if (refused is { Kind: ErrorKind.Unavailable })
            return;
        if (refused is not null)
            log.LogWarning("The error workflow of run {Run} did not start: {Error}", due.RunId, refused.Code);
        await database.Engine(due.OrganizationId).Transact(async transaction =>
        {
            var gone = await transaction.Execute($"delete from error_starts where organization_id = {due.OrganizationId} and run_id = {due.RunId}", cancel);
            if (refused is not null && gone == 1)
                await audit.Append(transaction, due.OrganizationId, new AuditEntry("run.error_workflow_refused", "execute", failed.Identity.StartedBy, new AuditResource("run", due.RunId.Value, failed.Identity.WorkflowName))
                {
                    Result = "failed",
                    Details = new JsonObject { ["workflow"] = name, ["error"] = refused.Code },
                }, cancel);
        }, cancel);
    }

    /// <summary>What an error workflow sees as <c>trigger.input</c>.</summary>
    private static CelValue Input(LoadedRun failed, RunState state) => Map(
        ("run_id", CelValue.From(failed.Identity.Run.ToString())),
        ("workflow", CelValue.From(failed.Identity.WorkflowName)),
        ("status", CelValue.From(SnakeCase.From(state.Status))),
        ("error", Map(("code", CelValue.From(state.Error!.Code)), ("message", CelValue.From(state.Error.Message)))),
        ("node", state.Error.Node is { } node ? CelValue.From(node) : CelValue.Null),
        ("started_at", CelValue.From(state.StartedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))));

    private static CelValue Map(params ReadOnlySpan<(string Name, CelValue Value)> members)
    {
        var map = new Dictionary<string, CelValue>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
            map[name] = value;
        return CelValue.Map(map);
    }
}
