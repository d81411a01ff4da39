using System.Data.Common;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Nodes;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>What a run does outside its mailbox: effects, calls of workflows, readings. Each comes back as a message.</summary>
internal sealed partial class RunActor
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SwitchAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DatabaseAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>What is under way outside for a step, and how to break it off.</summary>
    private sealed class Attempted(CancellationToken stopping) : IDisposable
    {
        private readonly CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        public CancellationToken Token => source.Token;

        public void BreakOff() => source.Cancel();

        public void Dispose() => source.Dispose();
    }

    private readonly Dictionary<StepPlace, Attempted> inFlight = [];

    private void Launch(List<StepPlace> effects)
    {
        foreach (var place in effects.Where(IsUnderWay))
        {
            var attempt = inFlight[place] = new Attempted(stopping.Token);
            if (decider.NeedsKeyValues(place))
            {
                _ = Task.Run(() => ReadKeyValues(place, attempt), CancellationToken.None);
                continue;
            }
            // As of when the step began: further attempts, and whoever takes the run over, ask the same with the same key.
            var settings = decider.Settings(place, place.Step.StartedAt!.Value);
            if (place.Node.Type.Behaviour == NodeBehaviour.Call)
            {
                var child = place.Step.Child!.Value;
                _ = Task.Run(() => Call(place, attempt, child, settings), CancellationToken.None);
            }
            else if (settings.Error is { } error)
            {
                mailbox.Writer.TryWrite(new EffectDone(place, attempt, new EffectOutcome(error, Retryable: false, null)));
            }
            else
            {
                var effect = new StepEffect(
                    identity.Organization, identity.Run, place.Node, settings.Value, $"{identity.Run}.{place.Path}", place.Step.Attempt, place.Node.Timeout ?? DefaultTimeout)
                {
                    Workflow = identity.Workflow,
                    Starter = State.Starter,
                };
                _ = Task.Run(() => RunEffect(place, attempt, effect), CancellationToken.None);
            }
        }
    }

    /// <summary>What is under way for steps that are given up reaches the outside no further: its connections are closed.</summary>
    private void BreakOffGivenUp()
    {
        foreach (var (place, attempt) in inFlight.Where(f => !IsUnderWay(f.Key)).ToList())
        {
            inFlight.Remove(place);
            attempt.BreakOff();
            attempt.Dispose();
        }
    }

    private bool IsUnderWay(StepPlace place) => place.IsInFlight || (decider.NeedsKeyValues(place) && place.Step.Status is StepStatus.Pending or StepStatus.Waiting);

    private void Forget(StepPlace place, Attempted attempt)
    {
        if (!inFlight.TryGetValue(place, out var current) || current != attempt)
            return;
        inFlight.Remove(place);
        attempt.Dispose();
    }

    private async Task ReadKeyValues(StepPlace place, Attempted attempt)
    {
        var cancel = attempt.Token;
        Result<CelValue> values;
        try
        {
            values = await WhenDatabaseAnswers(place, () => services.KeyValues.Values(identity.Organization, identity.Workflow, place.Node.KeyValues, cancel), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            services.Log.LogError(e, "The values of step {Node} of run {Run} cannot be read", place.Path, identity.Run);
            values = new Error("kv.unreadable", ErrorKind.Unavailable, "A value of the key-value store cannot be read; the log of the server says why.");
        }
        mailbox.Writer.TryWrite(new ValuesCame(place, attempt, values));
    }

    private async Task RunEffect(StepPlace place, Attempted attempt, StepEffect effect)
    {
        var cancel = attempt.Token;
        EffectOutcome outcome;
        try
        {
            outcome = await WhenDatabaseAnswers(place, async () =>
            {
                await WhenSwitchedOn(place.Node.Type, cancel);
                return await services.Effects.Run(effect, cancel);
            }, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The step was given up; or the node stops or has lost the run, and whoever goes on makes the attempt again with the same key.
            return;
        }
        catch (Exception e)
        {
            services.Log.LogError(e, "Step {Node} of run {Run} failed in the engine", place.Path, identity.Run);
            outcome = new EffectOutcome(Internal, Retryable: false, null);
        }
        mailbox.Writer.TryWrite(new EffectDone(place, attempt, outcome));
    }

    private async Task Call(StepPlace place, Attempted attempt, RunId child, Result<CelValue> settings)
    {
        var cancel = attempt.Token;
        Error? error;
        try
        {
            error = settings.Error;
            if (error is null)
            {
                var parent = new RunParent(identity.Run, place.Path, (State.Parent?.Depth ?? 0) + 1, place.Node.WaitsForCalled);
                var input = settings.Value.TryGetMember("input", out var given) ? given : CelValue.Null;
                var called = new CalledRun(child, parent, input, State.HandlesError);
                error = await WhenDatabaseAnswers(place, async () =>
                {
                    await WhenSwitchedOn(place.Node.Type, cancel);
                    return await host.StartCalled(identity, place.Node.CalledWorkflow, called, cancel);
                }, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // As with an effect: whoever goes on starts the same run, or finds it.
            return;
        }
        catch (Exception e)
        {
            services.Log.LogError(e, "Run {Child}, which run {Run} calls, could not be started", child, identity.Run);
            error = Internal;
        }
        mailbox.Writer.TryWrite(new CallDone(place, attempt, child, error));
    }

    /// <summary>
    /// Trouble of our own database is no failure of a step: it waits, as the journal does. <paramref name="work"/> lets such
    /// trouble out only as long as nothing outside was reached, or what was reached is found again.
    /// </summary>
    private async Task<T> WhenDatabaseAnswers<T>(StepPlace place, Func<Task<T>> work, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (DbException e) when (e.IsTransient)
            {
                services.Log.LogWarning("PostgreSQL does not answer ({Error}); step {Node} of run {Run} waits for it", e.GetType().Name, place.Path, identity.Run);
                await Task.Delay(DatabaseAgainAfter, services.Clock, cancel);
            }
        }
    }

    /// <summary>A type that is switched off makes its steps wait, not fail: the switch says nothing about them. The time of the attempt has not begun.</summary>
    private async Task WhenSwitchedOn(NodeType type, CancellationToken cancel)
    {
        while ((await services.Switches.Get(cancel)).IsOff(type))
            await Task.Delay(SwitchAgainAfter, services.Clock, cancel);
    }

    private static Error Internal => new("step.internal", ErrorKind.Unavailable, "The step failed inside Fluxgate; the log of the server says why.");
}
