using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>
/// Decides what a run does next: takes the state, the time and what arrived, and answers events. It runs pure nodes
/// itself; for nodes with an outside effect it answers their intent, and the engine does the effect once that is durable.
/// </summary>
public sealed class RunDecider(RunState state, RunId run, Func<Guid> newId, Func<double> random)
{
    /// <summary>Longest text of an error that goes into the journal.</summary>
    private const int MessageCharacters = 2000;

    /// <summary>Steps whose values of the key-value store are being read; nothing of that is in the journal before they are.</summary>
    private readonly HashSet<int> reading = [];

    public RunState State => state;

    /// <summary>Whether anything is being read that the run waits for.</summary>
    public bool IsReading => reading.Count > 0;

    /// <summary>Whether what is to be done for a step is to read <see cref="Node.KeyValues"/>, not its effect.</summary>
    public bool NeedsKeyValues(int node) => reading.Contains(node);

    /// <summary>
    /// Goes as far as the run can without anything from outside. Events are applied as they are made and added to
    /// <paramref name="recorded"/>; steps whose intent is among them are in <paramref name="effects"/>, and steps that need
    /// values read first.
    /// </summary>
    public void Advance(DateTimeOffset now, List<RunEvent> recorded, List<int> effects)
    {
        if (state.Status.IsFinal())
            return;
        bool moved;
        do
        {
            moved = false;
            for (var node = 0; node < state.Steps.Count && state.Fatal is null; node++)
            {
                if (reading.Contains(node))
                    continue;
                if (!state.IsReady(node) && !IsDue(node, now) && state.SignalFor(node) is null)
                    continue;
                Run(node, now, recorded, effects);
                moved = true;
            }
        }
        while (moved && state.Fatal is null);

        if (state.Fatal is { } error)
            Record(new RunFinished(now, RunStatus.Failed, CelValue.Null, error), recorded);
        else if (state.AllSettled)
            Record(Finish(now), recorded);
    }

    /// <summary>Takes what was read for a step, a map by name; the step then begins.</summary>
    public void Read(int node, Result<CelValue> values, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (!reading.Remove(node) || state.Status.IsFinal())
            return;
        var definition = state.Workflow.Nodes[node];
        var accepted = values.Succeeded ? Accepted(values.Value) : values;
        if (accepted.Error is { } error)
            RecordFailure(definition, 1, error, null, now, recorded);
        else
            Record(new KeyValuesRead(now, definition.Id, accepted.Value), recorded);
    }

    /// <summary>Takes an effect's outcome.</summary>
    public void Complete(int node, Result<CelValue> outcome, bool retryable, TimeSpan? retryAfter, DateTimeOffset now, List<RunEvent> recorded)
    {
        var step = state.Steps[node];
        if (state.Status.IsFinal() || step.Status != StepStatus.Running)
            return;
        var definition = state.Workflow.Nodes[node];
        var accepted = outcome.Succeeded ? Accepted(outcome.Value) : outcome;
        if (accepted.Error is not { } error)
        {
            Record(new StepSucceeded(now, definition.Id, JsonShape.Of(accepted.Value), definition.Ports[0]), recorded);
            return;
        }
        FailAttempt(node, StepError.From(error, definition.Id), retryable, retryAfter, now, recorded);
    }

    /// <summary>Takes what became of the start of the run that a step calls; <paramref name="error"/> is why there is none.</summary>
    public void Called(int node, RunId child, Error? error, DateTimeOffset now, List<RunEvent> recorded)
    {
        var step = state.Steps[node];
        if (state.Status.IsFinal() || step.Status != StepStatus.Running || step.Child != child)
            return;
        var definition = state.Workflow.Nodes[node];
        if (error is not null)
            FailAttempt(node, StepError.From(error, definition.Id), error.Kind == ErrorKind.Unavailable, null, now, recorded);
        else if (definition.WaitsForCalled)
            Record(new ChildAwaited(now, definition.Id, now + definition.Timeout), recorded);
        else
            Record(new StepSucceeded(now, definition.Id, CelValue.Map(new Dictionary<string, CelValue>(StringComparer.Ordinal) { ["run_id"] = CelValue.From(child.ToString()) }), "out"), recorded);
    }

    /// <summary>Takes a signal; one that concerns nothing here any more is dropped.</summary>
    public void Receive(RunSignal signal, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (state.Status.IsFinal())
            return;
        switch (signal)
        {
            case CancelRequested cancel:
                Record(new RunFinished(now, RunStatus.Cancelled, CelValue.Null, new StepError("run.cancelled", $"Cancelled by {cancel.RequestedBy}.", null)), recorded);
                break;
            case SignalSent sent:
                if ((state.KeptSignals < RunLimits.KeptSignals || state.IsAwaited(sent.Name)) && Accepted(sent.Data).Succeeded)
                    Record(new SignalReceived(now, sent.Name, sent.Data, sent.SentBy), recorded);
                break;
            case ChildEnded ended:
                if (state.CallerOf(ended.Child) is var caller and >= 0)
                    End(caller, ended, now, recorded);
                break;
            case ReviewDecided decided:
                var node = Enumerable.Range(0, state.Steps.Count).FirstOrDefault(i => state.Steps[i].ReviewId == decided.ReviewId && state.Steps[i].Status == StepStatus.Waiting, -1);
                if (node >= 0)
                    Record(new StepSucceeded(now, state.Workflow.Nodes[node].Id, Decision(decided), decided.Approved ? "approved" : "rejected"), recorded);
                break;
        }
    }

    /// <summary>Ends the run as failed for a reason that is none of its steps', such as a workflow that no longer reads.</summary>
    public void Abort(StepError error, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (!state.Status.IsFinal())
            Record(new RunFinished(now, RunStatus.Failed, CelValue.Null, error), recorded);
    }

    /// <summary>When the run goes on by itself; null if only something from outside can move it.</summary>
    public DateTimeOffset? NextDue => state.Status.IsFinal() ? null : state.Steps.Min(s => s.DueAt);

    /// <summary>
    /// The settings of a step, evaluated; what an effect is done with. Whatever a pure node records is a part of them, so
    /// that their limits are the limits of its output.
    /// </summary>
    public Result<CelValue> Settings(int node, DateTimeOffset now)
    {
        var evaluated = state.Workflow.Nodes[node].Settings.Evaluate(Scope(now, state.Steps[node]));
        return evaluated.Succeeded ? Accepted(evaluated.Value) : evaluated;
    }

    private Result<CelValue> Accepted(CelValue value)
    {
        if (RunValue.Fault(value, RunLimits.ValueBytes, out var size) is { } fault)
            return fault;
        return state.DataBytes + size <= RunLimits.RunBytes
            ? value
            : new Error("run.data_too_large", ErrorKind.TooLarge, $"The run holds more than {RunLimits.RunBytes} bytes of data.");
    }

    private bool IsDue(int node, DateTimeOffset now) => state.Steps[node] is { Status: StepStatus.Waiting, DueAt: { } due } && due <= now;

    private void End(int caller, ChildEnded ended, DateTimeOffset now, List<RunEvent> recorded)
    {
        var definition = state.Workflow.Nodes[caller];
        if (ended.Error is { } failed)
        {
            FailAttempt(caller, failed with { Node = definition.Id }, retryable: true, null, now, recorded);
            return;
        }
        var output = Accepted(CelValue.Map(new Dictionary<string, CelValue>(StringComparer.Ordinal)
        {
            ["run_id"] = CelValue.From(ended.Child.ToString()),
            ["output"] = ended.Output,
        }));
        if (output.Error is { } unacceptable)
            FailAttempt(caller, StepError.From(unacceptable, definition.Id), retryable: false, null, now, recorded);
        else
            Record(new StepSucceeded(now, definition.Id, JsonShape.Of(output.Value), "out"), recorded);
    }

    private void Run(int node, DateTimeOffset now, List<RunEvent> recorded, List<int> effects)
    {
        var definition = state.Workflow.Nodes[node];
        var step = state.Steps[node];
        if (step.AwaitsChild && step.Status == StepStatus.Waiting)
        {
            FailAttempt(node, new StepError(StepError.TimedOut, $"The called run {step.Child} took longer than {definition.Timeout!.Value.TotalSeconds:0.###} s.", definition.Id), retryable: true, null, now, recorded);
            return;
        }
        if (step.Status == StepStatus.Waiting && step.Error is null)
        {
            // A signal, the end of a delay, or the expiry of a review or of the wait for a signal.
            Record(state.SignalFor(node) is { } signal
                ? new StepSucceeded(now, definition.Id, Taken(signal), "received")
                : new StepSucceeded(now, definition.Id, CelValue.Null, definition.Type == NodeTypes.Delay ? "out" : "expired"), recorded);
            return;
        }
        if (definition.KeyValues.Count > 0 && step.KeyValues is null)
        {
            reading.Add(node);
            effects.Add(node);
            return;
        }
        if (definition.When is { } when && step.Attempt == 0)
        {
            var filter = when.Evaluate(Scope(now, step));
            if (filter.Error is { } error || filter.Value.Kind != CelKind.Bool)
            {
                RecordFailure(definition, 1, filter.Error ?? Error.Refused("expression.not_a_bool", "'when' gives true or false."), null, now, recorded);
                return;
            }
            if (!filter.Value.AsBool)
            {
                Record(new StepFiltered(now, definition.Id), recorded);
                return;
            }
        }
        if (definition.Type.Behaviour == NodeBehaviour.Effect)
        {
            Record(new StepStarted(now, definition.Id, step.Attempt + 1), recorded);
            effects.Add(node);
            return;
        }
        if (definition.Type.Behaviour == NodeBehaviour.Call)
        {
            if (state.Parent?.Depth >= RunLimits.CallDepth)
            {
                RecordFailure(definition, 1, Error.Refused("workflow.too_deep", $"Workflows call each other at most {RunLimits.CallDepth} deep."), null, now, recorded);
                return;
            }
            Record(new ChildRequested(now, definition.Id, step.Attempt + 1, new RunId(newId())), recorded);
            effects.Add(node);
            return;
        }
        var settings = Settings(node, now);
        if (settings.Error is { } fault)
            RecordFailure(definition, 1, fault, null, now, recorded);
        else if (definition.Type.Behaviour == NodeBehaviour.Collect)
            Collect(node, settings.Value, now, recorded);
        else
            foreach (var made in PureSteps.Run(definition, settings.Value, now, newId))
                Record(made is StepFailed failed ? Shorten(failed) : made, recorded);
    }

    private void Collect(int node, CelValue settings, DateTimeOffset now, List<RunEvent> recorded)
    {
        var definition = state.Workflow.Nodes[node];
        var output = definition.Type == NodeTypes.Merge ? state.TakenOutputs(node) : ListSteps.Run(definition, settings, Scope(now, state.Steps[node]));
        if (output.Succeeded)
            output = Accepted(output.Value);
        if (output.Error is { } error)
            RecordFailure(definition, 1, error, null, now, recorded);
        else
            Record(new StepSucceeded(now, definition.Id, JsonShape.Of(output.Value), "out"), recorded);
    }

    private RunFinished Finish(DateTimeOffset now)
    {
        if (state.Workflow.Output is not { } template)
            return new RunFinished(now, RunStatus.Succeeded, CelValue.Null, null);
        var output = template.Evaluate(Scope(now));
        if (output.Succeeded)
            output = Accepted(output.Value);
        return output.Error is { } error
            ? new RunFinished(now, RunStatus.Failed, CelValue.Null, StepError.From(error, "output"))
            : new RunFinished(now, RunStatus.Succeeded, JsonShape.Of(output.Value), null);
    }

    private void RecordFailure(Node node, int attempt, Error error, DateTimeOffset? retryAt, DateTimeOffset now, List<RunEvent> recorded) =>
        Record(Shorten(new StepFailed(now, node.Id, attempt, StepError.From(error, node.Id), retryAt)), recorded);

    /// <summary>The attempt that is under way has failed; whether there is another is the node's to say.</summary>
    private void FailAttempt(int node, StepError error, bool retryable, TimeSpan? retryAfter, DateTimeOffset now, List<RunEvent> recorded)
    {
        var (definition, step) = (state.Workflow.Nodes[node], state.Steps[node]);
        var again = retryable && step.Attempt < definition.Retry.Attempts;
        var wait = definition.Retry.WaitAfter(step.Attempt, random());
        if (retryAfter > wait)
            wait = retryAfter.Value;
        Record(Shorten(new StepFailed(now, definition.Id, step.Attempt, error, again ? now + wait : null)), recorded);
    }

    private static StepFailed Shorten(StepFailed failed) => failed.Error.Message.Length <= MessageCharacters
        ? failed
        : failed with { Error = failed.Error with { Message = StorableText.Cut(failed.Error.Message, MessageCharacters) + "…" } };

    private void Record(RunEvent made, List<RunEvent> recorded)
    {
        state.Apply(made);
        recorded.Add(made);
    }

    private RunScope Scope(DateTimeOffset now, StepState? step = null) => new(state, run, now, step?.KeyValues);

    private static CelValue Taken(SignalReceived signal) => CelValue.Map(new Dictionary<string, CelValue>(StringComparer.Ordinal)
    {
        ["data"] = signal.Data,
        ["sent_by"] = CelValue.From(signal.SentBy),
    });

    private static CelValue Decision(ReviewDecided decided) => CelValue.Map(new Dictionary<string, CelValue>(StringComparer.Ordinal)
    {
        ["decision"] = CelValue.From(decided.Approved ? "approved" : "rejected"),
        ["decided_by"] = CelValue.From(decided.DecidedBy),
        ["comment"] = decided.Comment is null ? CelValue.Null : CelValue.From(decided.Comment),
    });
}
