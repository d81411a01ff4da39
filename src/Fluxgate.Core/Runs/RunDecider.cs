using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>
/// Decides what a run does next: takes the state, the time and what arrived, and answers events. It runs pure nodes
/// itself; for nodes with an outside effect it answers their intent, and the engine does the effect once that is durable.
/// </summary>
public sealed partial class RunDecider(RunState state, RunId run, Func<Guid> newId, Func<double> random)
{
    /// <summary>Longest text of an error that goes into the journal.</summary>
    private const int MessageCharacters = 2000;

    private const string UnknownOutcome = "step.outcome_unknown";

    /// <summary>Steps whose values of the key-value store are being read; nothing of that is in the journal before they are.</summary>
    private readonly HashSet<StepPlace> reading = [];

    public RunState State => state;

    /// <summary>Whether anything is being read that the run waits for.</summary>
    public bool IsReading => reading.Any(p => !p.Step.IsSettled);

    /// <summary>Whether what is to be done for a step is to read <see cref="Node.KeyValues"/>, not its effect.</summary>
    public bool NeedsKeyValues(StepPlace place) => reading.Contains(place);

    /// <summary>
    /// The run could go on at once and has only stopped so that its events become durable: <see cref="Advance"/> is to be
    /// called again.
    /// </summary>
    public bool HasMore { get; private set; }

    /// <summary>
    /// Goes as far as the run can without anything from outside, or as a turn may be long. Events are applied as they are
    /// made and added to <paramref name="recorded"/>; steps whose intent is among them are in
    /// <paramref name="effects"/>, and steps that need values read first.
    /// </summary>
    public void Advance(DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        HasMore = false;
        if (state.Status.IsFinal())
            return;
        if (state.Deadline <= now)
        {
            Record(new RunFinished(now, RunStatus.TimedOut, CelValue.Null, new StepError("run.timeout", $"The run took longer than {(state.Deadline.Value - state.StartedAt).TotalSeconds:0.###} s.", null)), recorded);
            return;
        }
        while (!HasMore && AdvanceGraph(state.Root, now, recorded, effects))
        {
        }
        if (state.Root.Fatal is { } error)
            Record(new RunFinished(now, RunStatus.Failed, CelValue.Null, error), recorded);
        else if (state.Root.AllSettled)
            Record(Finish(now), recorded);
        HasMore &= !state.Status.IsFinal();
    }

    /// <summary>
    /// Goes on with a run whose former owner is gone: what was begun and has no outcome may or may not have reached the
    /// outside. It is done again, with the same key, or waits for somebody to say how it went.
    /// </summary>
    public void TakeUp(DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        foreach (var place in state.InFlight.ToList())
            if (place.Node.OnUnknown == OnUnknown.Stop)
                Record(new OutcomeUnknown(now, place.Path), recorded);
            else
                effects.Add(place);
    }

    /// <summary>Takes what was read for a step, a map by name; the step then begins.</summary>
    public void Read(StepPlace place, Result<CelValue> values, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (!reading.Remove(place) || state.Status.IsFinal() || place.Step.IsSettled)
            return;
        var accepted = values.Succeeded ? Accepted(values.Value) : values;
        if (accepted.Error is { } error)
            Fail(place, error, now, recorded);
        else
            Record(new KeyValuesRead(now, place.Path, accepted.Value), recorded);
    }

    /// <summary>Takes an effect's outcome.</summary>
    public void Complete(StepPlace place, Result<CelValue> outcome, bool retryable, TimeSpan? retryAfter, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (state.Status.IsFinal() || place.Step.Status != StepStatus.Running)
            return;
        var accepted = outcome.Succeeded ? Accepted(outcome.Value) : outcome;
        if (accepted.Error is { } error)
            FailAttempt(place, StepError.From(error, place.Path), retryable, retryAfter, now, recorded);
        else
            Succeed(place, JsonShape.Of(accepted.Value), place.Node.Ports[0], now, recorded);
    }

    /// <summary>
    /// Takes what another run of the workflow recorded of a step, <see cref="StepSucceeded"/> or <see cref="StepFailed"/>, as
    /// the outcome of this one's attempt, question or called run.
    /// </summary>
    public void Repeat(StepPlace place, RunEvent outcome, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (state.Status.IsFinal() || !(place.Step.Status == StepStatus.Running || IsWaitingForOutside(place.Step)))
            return;
        if (outcome is StepFailed failed)
            Record(failed with { At = now, Node = place.Path, Attempt = place.Step.Attempt, RetryAt = RepeatsRetry(place, failed) ? failed.RetryAt : null }, recorded);
        else if (outcome is StepSucceeded succeeded && Accepted(succeeded.Output).Error is { } error)
            FailAttempt(place, StepError.From(error, place.Path), retryable: false, null, now, recorded);
        else if (outcome is StepSucceeded { Output: var output, Port: var port })
            Succeed(place, output, place.Node.Ports.Contains(port) ? port : place.Node.Ports[0], now, recorded);
    }

    /// <summary>A person may have asked for one attempt more than the node allows.</summary>
    private static bool RepeatsRetry(StepPlace place, StepFailed failed) => failed.Error.Code == UnknownOutcome || place.Step.Attempt < place.Node.Retry.Attempts;

    /// <summary>Takes what became of the start of the run that a step calls; <paramref name="error"/> is why there is none.</summary>
    public void Called(StepPlace place, RunId child, Error? error, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (state.Status.IsFinal() || place.Step.Status != StepStatus.Running || place.Step.Child != child)
            return;
        if (error is not null)
            FailAttempt(place, StepError.From(error, place.Path), error.Kind == ErrorKind.Unavailable, null, now, recorded);
        else if (place.Node.WaitsForCalled)
            Record(new ChildAwaited(now, place.Path, now + place.Node.Timeout), recorded);
        else
            Succeed(place, CelValue.Map(("run_id", CelValue.From(child.ToString()))), "out", now, recorded);
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
                if (state.CallerOf(ended.Child) is { } caller)
                    End(caller, ended, now, recorded);
                break;
            case OutcomeDecided outcome:
                if (state.Undecided(outcome.Node) is { } undecided)
                    Decide(undecided, outcome, now, recorded);
                break;
            case ReviewDecided decided:
                if (state.AskerOf(decided.ReviewId) is { } asker)
                    Succeed(asker, Decision(decided), decided.Approved ? "approved" : "rejected", now, recorded);
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
    public DateTimeOffset? NextDue => state.Status.IsFinal() ? null : state.Open.Min(p => p.Step.DueAt) is { } due && !(state.Deadline < due) ? due : state.Deadline;

    /// <summary>
    /// The settings of a step, evaluated; what an effect is done with. Whatever a pure node records is a part of them, so
    /// that their limits are the limits of its output.
    /// </summary>
    public Result<CelValue> Settings(StepPlace place, DateTimeOffset now)
    {
        var evaluated = place.Node.Settings.Evaluate(Scope(place, now));
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

    private RunFinished Finish(DateTimeOffset now)
    {
        var output = Output(state.Root, now);
        return output.Error is { } error
            ? new RunFinished(now, RunStatus.Failed, CelValue.Null, StepError.From(error, "output"))
            : new RunFinished(now, RunStatus.Succeeded, output.Value, null);
    }

    /// <summary>What a graph whose steps are settled gives.</summary>
    private Result<CelValue> Output(GraphState graph, DateTimeOffset now)
    {
        if (graph.Graph.Output is not { } template)
            return CelValue.Null;
        var output = template.Evaluate(Scope(graph, now));
        if (output.Succeeded)
            output = Accepted(output.Value);
        return output.Succeeded ? JsonShape.Of(output.Value) : output;
    }

    private void Succeed(StepPlace place, CelValue output, string port, DateTimeOffset now, List<RunEvent> recorded) =>
        Record(new StepSucceeded(now, place.Path, output, port), recorded);

    /// <summary>The step fails, whatever its node says of further attempts.</summary>
    private void Fail(StepPlace place, Error error, DateTimeOffset now, List<RunEvent> recorded) =>
        Record(Shorten(new StepFailed(now, place.Path, 1, StepError.From(error, place.Path), null)), recorded);

    /// <summary>The attempt that is under way has failed; whether there is another is the node's to say.</summary>
    private void FailAttempt(StepPlace place, StepError error, bool retryable, TimeSpan? retryAfter, DateTimeOffset now, List<RunEvent> recorded)
    {
        var (retry, attempt) = (place.Node.Retry, place.Step.Attempt);
        var again = retryable && attempt < retry.Attempts;
        var wait = retry.WaitAfter(attempt, random());
        if (retryAfter > wait)
            wait = retryAfter.Value;
        Record(Shorten(new StepFailed(now, place.Path, attempt, error, again ? now + wait : null)), recorded);
    }

    private static StepFailed Shorten(StepFailed failed) => failed with { Error = Shorten(failed.Error) };

    private static StepError Shorten(StepError error) =>
        error.Message.Length <= MessageCharacters ? error : error with { Message = StorableText.Cut(error.Message, MessageCharacters) + "…" };

    private void Record(RunEvent made, List<RunEvent> recorded)
    {
        state.Apply(made);
        recorded.Add(made);
    }

    private RunScope Scope(GraphState graph, DateTimeOffset now) => new(state, graph, run, now);

    private RunScope Scope(StepPlace place, DateTimeOffset now) => new(state, place.Graph, run, now, place.Step.KeyValues);

    private static CelValue Decision(ReviewDecided decided) => CelValue.Map(
        ("decision", CelValue.From(decided.Approved ? "approved" : "rejected")),
        ("decided_by", CelValue.From(decided.DecidedBy)),
        ("comment", decided.Comment is null ? CelValue.Null : CelValue.From(decided.Comment)));
}
