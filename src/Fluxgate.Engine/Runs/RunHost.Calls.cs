using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>Runs that concern each other: those that are called, and those that are told something.</summary>
public sealed partial class RunHost
{
    /// <summary>Wakes runs that an append has told something; beside the caller, and only sooner than the poller would.</summary>
    internal void WakeSoon(OrganizationId organization, IReadOnlyList<SentSignal> told)
    {
        if (told.Count == 0)
            return;
        _ = Task.Run(async () =>
        {
            try
            {
                foreach (var run in told.Select(t => t.To).Distinct())
                    await Wake(organization, run, stopping.Token);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException)
            {
                services.Log.LogWarning("Runs that were told something wait for the poller: {Error}", e.Message);
            }
        }, CancellationToken.None);
    }

    /// <summary>
    /// Starts a run that another one calls, or finds it started: its id was recorded before, so that whoever does it
    /// again, after a crash too, starts no second one. Null if it has started, else why not.
    /// </summary>
    internal async Task<Error?> StartCalled(RunIdentity caller, string workflow, CalledRun called, CancellationToken cancel)
    {
        if (await HasStarted(caller.Organization, called.Run, cancel))
            return null;
        var found = await workflows.Callable(caller.Organization, workflow, cancel);
        if (found.Error is { } refused)
            return refused;
        var trigger = CelValue.Map(
            ("type", CelValue.From(TriggerType.Workflow.Name)),
            ("input", called.Input),
            ("caller", CelValue.Map(
                ("run_id", CelValue.From(called.Parent.Run.ToString())),
                ("workflow", CelValue.From(caller.WorkflowName)),
                ("node", CelValue.From(called.Parent.Node)))));
        var actor = new Actor(ActorKind.Run, called.Parent.Run.Value, caller.WorkflowName);
        var started = await Start(
            new RunStart(caller.Organization, found.Value.Id, found.Value.Version, found.Value.Name, TriggerType.Workflow.Name, trigger, actor)
            {
                Run = called.Run, Parent = called.Parent, HandlesError = called.HandlesError,
            }, cancel);
        return started.Error;
    }

    private Task<bool> HasStarted(OrganizationId organization, RunId run, CancellationToken cancel) =>
        database.Engine(organization).QueryOne<bool>($"select exists (select from runs where organization_id = {organization} and id = {run})", cancel);
}

/// <summary>A run that another one calls. <paramref name="HandlesError"/>: an error workflow's, or called by one.</summary>
internal sealed record CalledRun(RunId Run, RunParent Parent, CelValue Input, bool HandlesError);
