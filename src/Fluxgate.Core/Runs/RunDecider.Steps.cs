using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>One step at a time.</summary>
public sealed partial class RunDecider
{
    /// <summary>Does once whatever steps of the graph can do; false if there was nothing.</summary>
    private bool AdvanceGraph(GraphState graph, DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        var moved = false;
        for (var node = 0; node < graph.Steps.Count && graph.Fatal is null && !HasMore; node++)
        {
            var place = new StepPlace(graph, node);
            if (place.Step is { Loop: { } loop, Status: StepStatus.Running })
            {
                moved |= AdvanceLoop(place, loop, now, recorded, effects);
                continue;
            }
            if (reading.Contains(place))
                continue;
            if (!graph.IsReady(node) && !IsDue(place.Step, now) && state.SignalFor(place.Step) is null)
                continue;
            Run(place, now, recorded, effects);
            moved = true;
        }
        return moved;
    }

    private static bool IsDue(StepState step, DateTimeOffset now) => step is { Status: StepStatus.Waiting, DueAt: { } due } && due <= now;

    private void Run(StepPlace place, DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        var (definition, step) = (place.Node, place.Step);
        if (IsWaitingForOutside(step))
        {
            EndWait(place, now, recorded);
            return;
        }
        if (definition.KeyValues.Count > 0 && step.KeyValues is null)
        {
            reading.Add(place);
            effects.Add(place);
            return;
        }
        if (definition.When is { } when && step.Attempt == 0)
        {
            var filter = when.Evaluate(Scope(place, now));
            if (filter.Error is { } error || filter.Value.Kind != CelKind.Bool)
            {
                Fail(place, filter.Error ?? Error.Refused("expression.not_a_bool", "'when' gives true or false."), now, recorded);
                return;
            }
            if (!filter.Value.AsBool)
            {
                Record(new StepFiltered(now, place.Path), recorded);
                return;
            }
        }
        switch (definition.Type.Behaviour)
        {
            case NodeBehaviour.Effect:
                Record(new StepStarted(now, place.Path, step.Attempt + 1), recorded);
                effects.Add(place);
                break;
            case NodeBehaviour.Call:
                Call(place, now, recorded, effects);
                break;
            default:
                Compute(place, now, recorded);
                break;
        }
    }

    /// <summary>It waits for a time, a person, a signal or a run; not for its next attempt.</summary>
    private static bool IsWaitingForOutside(StepState step) => step.Status == StepStatus.Waiting && (step.AwaitsChild || step.Error is null);

    /// <summary>A signal, the end of a delay, or the expiry of a review, of the wait for a signal or for a called run.</summary>
    private void EndWait(StepPlace place, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (place.Step.AwaitsChild)
            FailAttempt(place, new StepError(StepError.TimedOut, $"The called run {place.Step.Child} took longer than {place.Node.Timeout!.Value.TotalSeconds:0.###} s.", place.Path), retryable: true, null, now, recorded);
        else if (state.SignalFor(place.Step) is { } signal)
            Succeed(place, Taken(signal), "received", now, recorded);
        else
            Succeed(place, CelValue.Null, place.Node.Type == NodeTypes.Delay ? "out" : "expired", now, recorded);
    }

    private void Call(StepPlace place, DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        if (state.Parent?.Depth >= RunLimits.CallDepth)
        {
            Fail(place, Error.Refused("workflow.too_deep", $"Workflows call each other at most {RunLimits.CallDepth} deep."), now, recorded);
            return;
        }
        Record(new ChildRequested(now, place.Path, place.Step.Attempt + 1, new RunId(newId())), recorded);
        effects.Add(place);
    }

    private void Compute(StepPlace place, DateTimeOffset now, List<RunEvent> recorded)
    {
        var settings = Settings(place, now);
        if (settings.Error is { } fault)
            Fail(place, fault, now, recorded);
        else if (place.Node.Type.Behaviour == NodeBehaviour.Loop)
            StartItems(place, settings.Value, now, recorded);
        else if (place.Node.Type.Behaviour == NodeBehaviour.Collect)
            Collect(place, settings.Value, now, recorded);
        else
            foreach (var made in PureSteps.Run(place.Node, place.Path, settings.Value, now, newId))
                Record(made is StepFailed failed ? Shorten(failed) : made, recorded);
    }

    private void Collect(StepPlace place, CelValue settings, DateTimeOffset now, List<RunEvent> recorded)
    {
        var output = place.Node.Type == NodeTypes.Merge ? place.Graph.TakenOutputs(place.Index) : ListSteps.Run(place.Node, settings, Scope(place, now));
        if (output.Succeeded)
            output = Accepted(output.Value);
        if (output.Error is { } error)
            Fail(place, error, now, recorded);
        else
            Succeed(place, JsonShape.Of(output.Value), "out", now, recorded);
    }

    private void Decide(StepPlace place, OutcomeDecided decided, DateTimeOffset now, List<RunEvent> recorded)
    {
        StepFailed Failed(string code, DateTimeOffset? retryAt) =>
            Shorten(new StepFailed(now, place.Path, place.Step.Attempt, new StepError(code, $"{decided.DecidedBy}: {decided.Reason}", place.Path), retryAt));

        switch (decided.Outcome)
        {
            case DecidedOutcome.Retry:
                Record(Failed(UnknownOutcome, now), recorded);
                break;
            case DecidedOutcome.Failed:
                Record(Failed("step.outcome_failed", null), recorded);
                break;
            case DecidedOutcome.Succeeded when Accepted(decided.Output).Error is { } unacceptable:
                Record(Shorten(new StepFailed(now, place.Path, place.Step.Attempt, StepError.From(unacceptable, place.Path), null)), recorded);
                break;
            case DecidedOutcome.Succeeded:
                Succeed(place, JsonShape.Of(decided.Output), place.Node.Ports[0], now, recorded);
                break;
        }
    }

    private void End(StepPlace caller, ChildEnded ended, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (ended.Error is { } failed)
        {
            FailAttempt(caller, failed with { Node = caller.Path }, retryable: true, null, now, recorded);
            return;
        }
        var output = Accepted(CelValue.Map(
            ("run_id", CelValue.From(ended.Child.ToString())),
            ("output", ended.Output)));
        if (output.Error is { } unacceptable)
            FailAttempt(caller, StepError.From(unacceptable, caller.Path), retryable: false, null, now, recorded);
        else
            Succeed(caller, JsonShape.Of(output.Value), "out", now, recorded);
    }

    private static CelValue Taken(SignalReceived signal) => CelValue.Map(
        ("data", signal.Data),
        ("sent_by", CelValue.From(signal.SentBy)));
}
