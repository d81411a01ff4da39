using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
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
    /// <summary>Runs before one that its data can come from: those that called it, and those that it takes up again.</summary>
    private const int MostBefore = 100;

    private sealed record Before(WorkflowId WorkflowId, int WorkflowVersion, RunId? ParentRunId, RunId? RetryOf);

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
        var (state, events) = await Fold(session, caller.Organization, id, workflow.Value, cancel);
        return new JournaledRun(summary, state, events);
    }

    /// <summary>What is not shown of a run: what it calls sensitive, and what the runs before it call so, whose data it was given.</summary>
    public async Task<SensitiveData> Sensitive(OrganizationCaller caller, JournaledRun run, CancellationToken cancel)
    {
        var sensitive = await SensitiveBefore(database.As(caller), caller.Organization, [run.Summary.ParentRunId, run.Summary.RetryOf], cancel);
        sensitive.Take(run.State);
        return sensitive;
    }

    /// <summary>As <see cref="Sensitive"/>, for a run that is still to be folded: its state before any event, and what the runs before it hide.</summary>
    /// <exception cref="InvalidOperationException">The run or its workflow cannot be read.</exception>
    public async Task<(RunState State, SensitiveData Sensitive)> Begin(Session session, OrganizationId organization, RunId id, CancellationToken cancel)
    {
        var row = await Row(session, organization, id, cancel) ?? throw new InvalidOperationException("There is no such run.");
        var workflow = await workflows.Get(organization, row.WorkflowId, row.WorkflowVersion, cancel);
        if (workflow.Error is { } unreadable)
            throw new InvalidOperationException(unreadable.Code);
        return (new RunState(workflow.Value), await SensitiveBefore(session, organization, [row.ParentRunId, row.RetryOf], cancel));
    }

    private async Task<SensitiveData> SensitiveBefore(Session session, OrganizationId organization, IEnumerable<RunId?> nearest, CancellationToken cancel)
    {
        var sensitive = new SensitiveData();
        var open = new Queue<RunId>(nearest.OfType<RunId>());
        var seen = new HashSet<RunId>();
        while (open.TryDequeue(out var id))
        {
            if (!seen.Add(id) || await Row(session, organization, id, cancel) is not { } row)
                continue;
            if (seen.Count > MostBefore)
                throw new InvalidOperationException("A run has too many runs before it.");
            foreach (var next in (RunId?[])[row.ParentRunId, row.RetryOf])
                if (next is { } further)
                    open.Enqueue(further);
            var workflow = await workflows.Get(organization, row.WorkflowId, row.WorkflowVersion, cancel);
            if (workflow.Error is { } unreadable)
                throw new InvalidOperationException(unreadable.Code);
            if (workflow.Value.HasSensitiveData)
                sensitive.Take((await Fold(session, organization, id, workflow.Value, cancel)).State);
        }
        return sensitive;
    }

    private static Task<Before?> Row(Session session, OrganizationId organization, RunId id, CancellationToken cancel) => session.QueryOptional<Before>($"""
        select workflow_id, workflow_version, parent_run_id, retry_of from runs where organization_id = {organization} and id = {id}
        """, cancel);

    private async Task<(RunState State, IReadOnlyList<RunEvent> Events)> Fold(Session session, OrganizationId organization, RunId id, Workflow workflow, CancellationToken cancel)
    {
        var cipher = await vault.For(organization, cancel);
        var (events, _) = await JournalStore.Read(session, cipher, organization, id, cancel);
        var state = new RunState(workflow);
        foreach (var recorded in events)
            state.Apply(recorded);
        return (state, events);
    }
}
