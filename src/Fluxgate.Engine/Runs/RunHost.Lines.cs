using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>Runs of workflows that bound how many of them are under way.</summary>
public sealed partial class RunHost
{
    /// <summary>It is durable before it asks for a place: one that a dead node left in line is found by its work row.</summary>
    private async Task<Result<StartedRun>> StartInLine(RunActor actor, RunStart start, IReadOnlyList<RunEvent> first, int places, CancellationToken cancel)
    {
        if (await actor.Enqueue(first, start.Receipt) == AppendOutcome.Lost)
            return await Repeated(start, cancel);
        var run = actor.Identity;
        var queued = new StartedRun(run.Run, Repeated: false, Never<RunState>(), Never<Responded>());
        // From here on the run has started, whatever happens; who cannot go on with it leaves it to the poller.
        try
        {
            if (!HasRoom(start.Organization)
                || !await services.Lines.Admits(run, places, actor.Latest, stopping.Token) || await Claim(run.Organization, run.Run, stopping.Token) is null || !live.TryAdd(actor))
                return queued;
            var owned = false;
            try
            {
                owned = await actor.Begin();
            }
            finally
            {
                if (!owned)
                    live.Remove(actor);
            }
            if (!owned)
                return queued;
            _ = KeepAlive(actor);
            return new StartedRun(run.Run, Repeated: false, actor.Finished, actor.Responded);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException or AppendRefusedException)
        {
            services.Log.LogWarning("Run {Run} waits in the queue: {Error}", run.Run, e.Message);
            return queued;
        }
    }

    /// <summary>Lets the next run of a workflow go on that bounds how many are under way; beside the caller, and only sooner than the poller would.</summary>
    internal void LookAfterLine(RunIdentity ended)
    {
        _ = Task.Run(async () =>
        {
            try
            {
                await services.Lines.LookAfter(ended.Organization, ended.Workflow, stopping.Token);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException)
            {
                services.Log.LogWarning("The next run of workflow {Workflow} waits for the poller: {Error}", ended.Workflow, e.Message);
            }
        }, CancellationToken.None);
    }

    /// <summary>A run that has not begun may have to wait for others of its workflow, unless its time is over.</summary>
    private async Task<bool> MayGoOn(LoadedRun loaded, CancellationToken cancel)
    {
        if (loaded.Workflow.MaxConcurrentRuns is not { } places || loaded.Events.Any(e => e is RunClaimed))
            return true;
        var deadline = loaded.Events.OfType<RunStarted>().Single().Deadline ?? RunServices.Never;
        return deadline <= services.Clock.GetUtcNow() || await services.Lines.Admits(loaded.Identity, places, deadline, cancel);
    }
}
