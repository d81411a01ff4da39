using System.Globalization;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Cluster;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>A run that failed and whose error workflow is to start, for this node to see to.</summary>
internal sealed record DueErrorStart(OrganizationId OrganizationId, RunId RunId, RunId HandlerRunId, DateTimeOffset ClaimedUntil) : IDue
{
    public Guid Key => RunId.Value;
}

/// <summary>
/// Starts the error workflows of runs that failed. The row that asks for it was written with the run's end and names the
/// id that the new run will have: a node that dies between the two only delays it, and no second one starts.
/// </summary>
internal sealed class ErrorStarts(Database database, RunLoader loader, RunHost runs, AuditLog audit, ErrorSignal signal, TimeProvider clock, ILogger<ErrorStarts> log)
    : DueClock<DueErrorStart>(places: 16, signal, clock, log)
{
    /// <summary>After this another node, or this one, tries again.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly DueRows<DueErrorStart> rows = new(database, $"error_starts", $"run_id", $"d.run_id, d.handler_run_id", Lease);

    protected override Task<IReadOnlyList<DueErrorStart>> Claim(DateTimeOffset now, int limit, Guid[] full) => rows.Claim(now, limit, full);

    protected override Task Release(DueErrorStart due) => rows.Release(due);

    protected override async Task Take(DueErrorStart due, CancellationToken cancel)
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
    private static CelValue Input(LoadedRun failed, RunState state) => CelValue.Map(
        ("run_id", CelValue.From(failed.Identity.Run.ToString())),
        ("workflow", CelValue.From(failed.Identity.WorkflowName)),
        ("status", CelValue.From(SnakeCase.From(state.Status))),
        ("error", CelValue.Map(("code", CelValue.From(state.Error!.Code)), ("message", CelValue.From(state.Error.Message)))),
        ("node", state.Error.Node is { } node ? CelValue.From(node) : CelValue.Null),
        ("started_at", CelValue.From(state.StartedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))));
}
