using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Runs;

internal sealed record LoadedRun(RunIdentity Identity, Workflow Workflow, IReadOnlyList<RunEvent> Events, int LastAppend);

/// <summary>Reads a run back from its journal.</summary>
internal sealed class RunLoader(Database database, KeyVault vault, WorkflowCatalog workflows)
{
    private sealed record RunRow(WorkflowId WorkflowId, int WorkflowVersion, string Name);

    /// <summary>Null if there is no such run, or its workflow version is gone.</summary>
    public async Task<LoadedRun?> Load(OrganizationId organization, RunId run, CancellationToken cancel)
    {
        var session = database.Engine(organization);
        var row = await session.QueryOptional<RunRow>($"""
            select r.workflow_id, r.workflow_version, w.name
            from runs r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
            where r.organization_id = {organization} and r.id = {run}
            """, cancel);
        if (row is null)
            return null;
        var workflow = await workflows.Get(organization, row.WorkflowId, row.WorkflowVersion, cancel);
        if (!workflow.Succeeded)
            return null;
        var cipher = await vault.For(organization, cancel);
        var (events, lastAppend) = await JournalStore.Read(session, cipher, organization, run, cancel);
        var identity = new RunIdentity(organization, run, row.WorkflowId, row.WorkflowVersion, row.Name, new Actor(ActorKind.Run, run.Value, row.Name));
        return new LoadedRun(identity, workflow.Value, events, lastAppend);
    }
}
