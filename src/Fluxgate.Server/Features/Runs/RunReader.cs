using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>A run as its journal tells it.</summary>
internal sealed record JournaledRun(RunSummary Summary, RunState State, IReadOnlyList<RunEvent> Events);

/// <summary>Reads runs for people and programs: folds the journal, so that what is shown is what the engine would go on from.</summary>
internal sealed class RunReader(Database database, KeyVault vault, WorkflowCatalog workflows)
{
    public async Task<Result<JournaledRun>> Read(OrganizationCaller caller, RunId id, CancellationToken cancel)
    {
        var session = database.As(caller);
        var summary = await session.QueryOptional<RunSummary>($"""
            select r.id, r.workflow_id, w.name as workflow_name, r.workflow_version, r.status, r.trigger_type, r.started_at, r.finished_at, r.error_code, r.parent_run_id, r.parent_node, r.retry_of
            from runs r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
            where r.organization_id = {caller.Organization} and r.id = {id}
            """, cancel);
        if (summary is null)
            return Error.NotFound("run");
        var workflow = await workflows.Get(caller.Organization, summary.WorkflowId, summary.WorkflowVersion, cancel);
        if (workflow.Error is { } unreadable)
            return unreadable;
        var cipher = await vault.For(caller.Organization, cancel);
        var (events, _) = await JournalStore.Read(session, cipher, caller.Organization, id, cancel);
        var state = new RunState(workflow.Value);
        foreach (var recorded in events)
            state.Apply(recorded);
        return new JournaledRun(summary, state, events);
    }
}
