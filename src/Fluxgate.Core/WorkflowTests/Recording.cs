using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.WorkflowTests;

/// <summary>
/// A run that has ended, read from its journal in two ways: what it did that others notice (<see cref="Trace"/>), and what it
/// was told by others, with which <see cref="Replay"/> answers another version of its workflow.
/// </summary>
public sealed class Recording
{
    /// <summary>What became of an attempt or a question: <paramref name="Outcome"/> is null if the run ended before. <paramref name="Asked"/>: it went out; false if its settings had no value.</summary>
    internal sealed record Answer(int Index, RunEvent? Outcome, bool Asked);

    /// <summary>Bytes that the entries may hold together: what each step asks is made anew here, and a loop of thousands asks thousands of times.</summary>
    private const long LargestTrace = RunLimits.RunBytes;

    private readonly List<TraceEntry> trace = [];
    private long traceBytes;
    private readonly Dictionary<(string Step, int Attempt), Answer> answers = [];
    private readonly Dictionary<(string Step, int Attempt), int> childrenAwaited = [];
    private readonly Dictionary<string, Answer> readings = [];
    private readonly Dictionary<string, (int Attempt, bool Asked)> open = [];
    private readonly HashSet<string> waits = [];
    private readonly DateTimeOffset[] times;
    private readonly RunDecider decider;

    /// <param name="run">The run, as its expressions name it.</param>
    /// <param name="workflow">The version that ran.</param>
    /// <param name="events">All its events, the first of which is <see cref="RunStarted"/>.</param>
    public Recording(RunId run, Workflow workflow, IReadOnlyList<RunEvent> events)
    {
        (Run, Events, State) = (run, events, new RunState(workflow));
        decider = new RunDecider(State, run, static () => Guid.Empty, static () => 0);
        times = [.. events.Select(e => e.At).Distinct().Order()];
        for (var i = 0; i < events.Count; i++)
            Take(events[i], i);
        foreach (var (step, (attempt, asked)) in open)
            answers[(step, attempt)] = new Answer(events.Count, null, asked);
    }

    public RunId Run { get; }

    public IReadOnlyList<RunEvent> Events { get; }

    /// <summary>The run as it ended.</summary>
    public RunState State { get; }

    /// <summary>In the order in which it was done; not all of it if <see cref="IsTooLarge"/>.</summary>
    public IReadOnlyList<TraceEntry> Trace => trace;

    public bool IsTooLarge => traceBytes > LargestTrace;

    /// <summary>What an attempt or question of the trace was answered; null if nothing was.</summary>
    public RunEvent? OutcomeOf(TraceEntry entry) => entry.Kind is TraceKind.Call or TraceKind.Review ? AnswerTo(entry.Step, entry.Attempt)?.Outcome : null;

    internal Answer? AnswerTo(string step, int attempt) => answers.GetValueOrDefault((step, attempt));

    /// <summary>What was read for a step from the key-value store; null if nothing is recorded of it.</summary>
    internal Answer? ReadingOf(string step) => readings.GetValueOrDefault(step);

    internal int? ChildAwaited(string step, int attempt) => childrenAwaited.TryGetValue((step, attempt), out var index) ? index : null;

    /// <summary>The step waited for somebody; if no answer is recorded, none came.</summary>
    internal bool Waited(string step) => waits.Contains(step);

    internal bool HasSignal(string name) => Events.Any(e => e is SignalReceived received && received.Signal == name);

    /// <summary>The first time at or after <paramref name="time"/> at which anything happened; <paramref name="time"/> itself if nothing did.</summary>
    internal DateTimeOffset TurnAt(DateTimeOffset time) => Array.BinarySearch(times, time) is var found && found >= 0 ? time : ~found < times.Length ? times[~found] : time;

    /// <inheritdoc cref="TurnAt"/>
    internal DateTimeOffset TurnAfter(DateTimeOffset time) => TurnAt(time.AddTicks(1)) is var next && Array.BinarySearch(times, next) >= 0 ? next : time;

    private void Take(RunEvent recorded, int index)
    {
        State.Apply(recorded);
        switch (recorded)
        {
            case StepStarted started:
                Ask(State.PlaceOf(started.Node), started.Attempt);
                break;
            case ChildRequested requested:
                Ask(State.PlaceOf(requested.Node), requested.Attempt);
                break;
            case ChildAwaited awaited:
                childrenAwaited[(awaited.Node, open[awaited.Node].Attempt)] = index;
                break;
            case ReviewRequested review:
                open[review.Node] = (1, true);
                waits.Add(review.Node);
                Did(TraceKind.Review, review.Node, 1, CelValue.Map(
                    ("title", CelValue.From(review.Title)), ("content", review.Content),
                    ("approvers", CelValue.List([.. review.Approvers.Select(CelValue.From)])), ("expires_after", Seconds(review.At, review.ExpiresAt))));
                break;
            case SignalAwaited wait:
                waits.Add(wait.Node);
                Did(TraceKind.Wait, wait.Node, 1, CelValue.Map(("signal", CelValue.From(wait.Signal)), ("expires_after", Seconds(wait.At, wait.ExpiresAt))));
                break;
            case StepDelayed delay:
                Did(TraceKind.Delay, delay.Node, 1, CelValue.Map(("seconds", Seconds(delay.At, delay.Until))));
                break;
            case EventEmitted emitted:
                Did(TraceKind.Event, emitted.Node, 1, CelValue.Map(("type", CelValue.From(emitted.Type)), ("data", emitted.Data)));
                break;
            case Responded responded:
                Did(TraceKind.Response, responded.Node, 1, CelValue.Map(("status", CelValue.From((long)responded.Status)), ("headers", responded.Headers), ("body", responded.Body)));
                break;
            case RunFinished finished:
                Did(TraceKind.End, "", 1, CelValue.Map(("status", CelValue.From(SnakeCase.From(finished.Status))), finished.Error is { } error ? ("code", CelValue.From(error.Code)) : ("output", finished.Output)));
                break;
            case KeyValuesRead read:
                readings[read.Node] = new Answer(index, read, true);
                break;
            case StepSucceeded succeeded:
                Close(succeeded.Node, index, succeeded);
                break;
            case StepFailed failed when open.ContainsKey(failed.Node):
                Close(failed.Node, index, failed);
                break;
            case StepFailed failed when State.PlaceOf(failed.Node).Node.KeyValues.Count > 0:
                readings.TryAdd(failed.Node, new Answer(index, failed, true));
                break;
        }
    }

    private void Ask(StepPlace place, int attempt)
    {
        var settings = decider.Settings(place, place.Step.StartedAt!.Value);
        open[place.Path] = (attempt, settings.Succeeded);
        Did(TraceKind.Call, place.Path, attempt, CelValue.Map(
            ("type", CelValue.From(place.Node.Type.Name)), settings.Error is { } error ? ("error", CelValue.From(error.Code)) : ("settings", settings.Value)));
    }

    /// <summary>That nobody decided in time is for the clock to say again.</summary>
    private void Close(string step, int index, RunEvent outcome)
    {
        if (open.Remove(step, out var asked) && outcome is not StepSucceeded { Port: "expired" })
            answers[(step, asked.Attempt)] = new Answer(index, outcome, asked.Asked);
    }

    private void Did(TraceKind kind, string step, int attempt, CelValue content)
    {
        traceBytes += RunValue.Size(content);
        if (!IsTooLarge)
            trace.Add(new TraceEntry(kind, step, attempt, JsonShape.Of(content)));
    }

    private static CelValue Seconds(DateTimeOffset from, DateTimeOffset? to) => (to - from)?.TotalSeconds switch
    {
        null => CelValue.Null,
        { } whole when whole == Math.Floor(whole) => CelValue.From((long)whole),
        { } seconds => CelValue.From(seconds),
    };
}
