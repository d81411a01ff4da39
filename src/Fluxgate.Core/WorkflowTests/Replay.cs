using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.WorkflowTests;

/// <summary>
/// Runs a workflow on what is recorded of a run: the same start, and the same answers, decisions and signals at the same
/// times. Nothing reaches the outside; what the recording has no answer for fails with <see cref="NotRecorded"/>.
/// </summary>
public sealed class Replay
{
    /// <summary>A step asks for something that the recorded run did not.</summary>
    public const string NotRecorded = "test.not_recorded";

    private readonly Recording recording;
    private readonly RunState state;
    private readonly RunDecider decider;
    private readonly List<RunEvent> events = [];
    private readonly PriorityQueue<Action<List<RunEvent>>, (DateTimeOffset At, int Index)> coming = new();

    /// <summary>Steps that get no answer any more: none is recorded, or none came before the recorded run ended.</summary>
    private readonly HashSet<StepPlace> unanswered = [];

    private DateTimeOffset now;
    private int ids;

    private Replay(Recording recording, Workflow workflow)
    {
        this.recording = recording;
        state = new RunState(workflow);
        // Neither is seen by expressions, and the waits between attempts are as they were recorded.
        decider = new RunDecider(state, recording.Run, () => new Guid(++ids, 0, 0, new byte[8]), static () => 0);
    }

    /// <summary>What the run would have been with <paramref name="workflow"/>.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static Recording Of(Recording recording, Workflow workflow, CancellationToken cancel)
    {
        var replay = new Replay(recording, workflow);
        replay.Begin();
        while (!replay.state.Status.IsFinal())
        {
            cancel.ThrowIfCancellationRequested();
            replay.Turn();
        }
        return new Recording(recording.Run, workflow, replay.events);
    }

    private void Begin()
    {
        var started = (RunStarted)recording.Events[0];
        var timeout = state.Workflow.Timeout;
        if (timeout is { } given && timeout != recording.State.Workflow.Timeout)
            started = started with { Deadline = started.At + given };
        var turn = new List<RunEvent> { started };
        turn.AddRange(recording.Events.Skip(1).TakeWhile(e => e is StepTakenOver).Cast<StepTakenOver>().Where(Fits));
        foreach (var first in turn)
            state.Apply(first);
        for (var i = 1; i < recording.Events.Count; i++)
            if (recording.Events[i] is SignalReceived signal)
                Schedule(i, made => decider.Receive(new SignalSent(signal.Signal, signal.Data, signal.SentBy), now, made));
            else if (recording.Events[i] is RunFinished { Status: RunStatus.Cancelled })
                Schedule(i, made => decider.Receive(new CancelRequested("test"), now, made));
        now = recording.Events.SkipWhile(e => e is RunStarted or StepTakenOver).FirstOrDefault()?.At ?? started.At;
        Advance(turn);
    }

    private bool Fits(StepTakenOver taken) =>
        state.Workflow.Nodes.FirstOrDefault(n => n.Id == taken.Node) is { } node && (taken.Port is null || node.Ports.Contains(taken.Port) || taken.Port == NodeType.ErrorPort);

    private void Turn()
    {
        var turn = new List<RunEvent>();
        if (Next() is not { } next)
        {
            Stop(turn);
            return;
        }
        var (before, waiting) = (now, coming.Count);
        if (next > now)
            now = next;
        while (coming.TryPeek(out var happen, out var due) && due.At <= now)
        {
            coming.Dequeue();
            happen(turn);
        }
        Advance(turn);
        if (turn.Count == 0 && now == before && coming.Count == waiting && !decider.HasMore)
            Stop(turn);
    }

    /// <summary>Nothing can happen any more: whatever is open has no answer.</summary>
    private void Stop(List<RunEvent> turn)
    {
        var open = unanswered.Where(p => !p.Step.IsSettled).Select(p => p.Path).Order(StringComparer.Ordinal).ToList();
        decider.Abort(new StepError(NotRecorded, $"The recording has no answer for {(open.Count == 0 ? "what the run waits for" : string.Join(", ", open))}.", open.FirstOrDefault()), now, turn);
        events.AddRange(turn);
    }

    private DateTimeOffset? Next()
    {
        DateTimeOffset? next = coming.TryPeek(out _, out var first) ? first.At : null;
        if (decider.HasMore)
            next = Earlier(next, recording.TurnAfter(now));
        if (Due() is { } due)
            next = Earlier(next, recording.TurnAt(due > now ? due : now));
        return next;
    }

    /// <summary>When the run goes on by itself. Time alone brings no end to what has no answer, unless it did so when it was recorded.</summary>
    private DateTimeOffset? Due()
    {
        unanswered.RemoveWhere(p => p.Step.IsSettled);
        if (unanswered.Count == 0 || recording.State.Status == RunStatus.TimedOut)
            return decider.NextDue;
        return state.Open.Where(p => !unanswered.Contains(p)).Min(p => p.Step.DueAt);
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    private void Advance(List<RunEvent> turn)
    {
        var (begun, effects) = (turn.Count, new List<StepPlace>());
        decider.Advance(now, turn, effects);
        events.AddRange(turn);
        foreach (var place in effects.Where(p => !p.Step.IsSettled))
            if (decider.NeedsKeyValues(place))
                Read(place);
            else
                Answer(place);
        foreach (var made in turn.Skip(begun))
            if (made is ReviewRequested or SignalAwaited)
                Await(made);
    }

    private void Read(StepPlace place)
    {
        if (recording.ReadingOf(place.Path) is not { } reading)
            unanswered.Add(place);
        else if (reading.Outcome is KeyValuesRead read)
            Schedule(reading.Index, turn => decider.Read(place, place.Node.KeyValues.All(n => read.Values.TryGetMember(n, out _)) ? read.Values : Missing, now, turn));
        else if (reading.Outcome is StepFailed { Error: var error })
            Schedule(reading.Index, turn => decider.Read(place, new Error(error.Code, ErrorKind.Unavailable, error.Message), now, turn));
    }

    private static Error Missing => Error.Refused(NotRecorded, "The recorded run has not read all of these values.");

    private void Answer(StepPlace place)
    {
        var (attempt, answer) = (place.Step.Attempt, recording.AnswerTo(place.Path, place.Step.Attempt));
        var settings = decider.Settings(place, place.Step.StartedAt!.Value);
        if (settings.Error is { } fault)
            Repeat(place, attempt, answer is { Asked: false } ? answer.Index : null, Failure(StepError.From(fault, place.Path)));
        else if (answer is not { Asked: true })
            Repeat(place, attempt, null, Failure(new StepError(NotRecorded, "The recorded run has not made this call.", place.Path)));
        else if (answer.Outcome is not { } outcome)
            unanswered.Add(place);
        else
        {
            if (recording.ChildAwaited(place.Path, attempt) is { } started && place.Step.Child is { } child)
                Schedule(started, turn => decider.Called(place, child, null, now, turn));
            Repeat(place, attempt, answer.Index, outcome);
        }

        StepFailed Failure(StepError error) => new(now, place.Path, attempt, error, null);
    }

    private void Await(RunEvent asked)
    {
        var path = asked is ReviewRequested review ? review.Node : ((SignalAwaited)asked).Node;
        var place = state.PlaceOf(path);
        if (asked is ReviewRequested && recording.AnswerTo(path, 1) is { Outcome: StepSucceeded decided, Index: var index })
            Repeat(place, 1, index, decided);
        else if (!recording.Waited(path) && !(asked is SignalAwaited wait && recording.HasSignal(wait.Signal)))
            unanswered.Add(place);
    }

    private void Repeat(StepPlace place, int attempt, int? index, RunEvent outcome) => Schedule(index, turn =>
    {
        if (place.Step.Attempt == attempt)
            decider.Repeat(place, outcome, now, turn);
    });

    /// <summary>At the time of that recorded event, or at once.</summary>
    private void Schedule(int? index, Action<List<RunEvent>> happen)
    {
        var at = index is { } i && i < recording.Events.Count && recording.Events[i].At > now ? recording.Events[i].At : now;
        coming.Enqueue(happen, (at, index ?? int.MaxValue));
    }
}
