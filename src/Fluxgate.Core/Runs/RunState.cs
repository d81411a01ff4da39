using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>A run as the fold of its events. Pure: no clock, no I/O; the same events give the same state everywhere.</summary>
public sealed class RunState(Workflow workflow)
{
    private readonly List<SignalReceived> keptSignals = [];

    public Workflow Workflow => workflow;

    public RunStatus Status { get; private set; } = RunStatus.Queued;

    /// <summary>The steps of the workflow's own graph; those of loops' items are within.</summary>
    public GraphState Root { get; } = new(workflow.Graph);

    public IReadOnlyList<StepState> Steps => Root.Steps;

    public string TriggerType { get; private set; } = "";

    /// <summary>Who called this run; null if no run did.</summary>
    public RunParent? Parent { get; private set; }

    /// <summary>What expressions see as <c>trigger</c>.</summary>
    public CelValue Trigger { get; private set; }

    public CelValue Output { get; private set; }

    public StepError? Error { get; private set; }

    public Responded? Response { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>The run that this one takes up again.</summary>
    public RunId? RetryOf { get; private set; }

    /// <summary>The run is of an error workflow, or was called by one that is.</summary>
    public bool HandlesError { get; private set; }

    /// <summary>The person who started the run; null if none did.</summary>
    public UserId? Starter { get; private set; }

    /// <summary>The run has ended so that its error workflow starts.</summary>
    public bool StartsErrorWorkflow => Status is RunStatus.Failed or RunStatus.TimedOut && workflow.ErrorWorkflow is not null && !HandlesError;

    /// <summary>When the run ends as timed out.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Bytes of the values that the events brought, measured as <see cref="RunValue"/> measures.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Steps of the items of all loops that have begun.</summary>
    public int LoopSteps { get; private set; }

    /// <summary>Something outside is under way.</summary>
    public bool HasInFlight => InFlight.Any();

    /// <summary>A step waits for a time, a person, a signal or another run.</summary>
    public bool HasWaiting => Open.Any(p => p.Step.Status == StepStatus.Waiting);

    /// <summary>Steps whose outcome is still to come from outside.</summary>
    public IEnumerable<StepPlace> InFlight => Open.Where(p => p.IsInFlight);

    /// <summary>The run's own steps and those of the items that have begun and not ended.</summary>
    internal IEnumerable<StepPlace> Open => Root.StepsWithin(ended: false);

    /// <summary>The step of that path, such as <c>post</c> or <c>each[3].post</c>.</summary>
    public StepPlace PlaceOf(string path) => Root.PlaceOf(path);

    /// <summary>
    /// The steps that an event has given up: of the run at its end, of an item that ended, of a loop that failed. Some may
    /// have been given up before.
    /// </summary>
    public IEnumerable<StepPlace> GivenUpBy(RunEvent recorded)
    {
        var graphs = recorded switch
        {
            RunFinished => [Root],
            ItemFinished { Error: not null } item => [PlaceOf(item.Node).Step.Loop!.Begun[item.Index]],
            StepFailed { RetryAt: null } failed when PlaceOf(failed.Node).Step.Loop is { } loop => loop.Begun,
            _ => (IReadOnlyList<GraphState>)[],
        };
        return graphs.SelectMany(g => g.StepsWithin(ended: true)).Where(p => p.Step.Status == StepStatus.Cancelled);
    }

    /// <summary>The step of that path, if it waits for somebody to say how its attempt went.</summary>
    public StepPlace? Undecided(string path)
    {
        foreach (var place in Open)
            if (place.Step is { Status: StepStatus.Waiting, IsOutcomeUnknown: true } && place.Path == path)
                return place;
        return null;
    }

    internal int KeptSignals => keptSignals.Count;

    internal bool IsAwaited(string signal) => Open.Any(p => p.Step.Status == StepStatus.Waiting && p.Step.Signal == signal);

    /// <summary>The oldest signal that came and that the waiting step takes; null if there is none or it waits for something else.</summary>
    internal SignalReceived? SignalFor(StepState step) =>
        keptSignals.Count > 0 && step is { Status: StepStatus.Waiting, Signal: { } signal } ? keptSignals.Find(k => k.Signal == signal) : null;

    /// <summary>The step that called <paramref name="child"/> and has not gone on without it.</summary>
    internal StepPlace? CallerOf(RunId child) => First(s => s.Child == child && (s.Status == StepStatus.Running || s is { Status: StepStatus.Waiting, AwaitsChild: true }));

    /// <summary>The step that waits for the decision of <paramref name="review"/>.</summary>
    public StepPlace? AskerOf(Guid review) => First(s => s.ReviewId == review && s.Status == StepStatus.Waiting);

    public void Apply(RunEvent recorded)
    {
        switch (recorded)
        {
            case RunStarted started:
                (Status, TriggerType, Trigger, StartedAt) = (RunStatus.Running, started.TriggerType, started.Trigger, started.At);
                (Parent, RetryOf, HandlesError, Starter, Deadline) = (started.Parent, started.RetryOf, started.HandlesError, started.Starter, started.Deadline);
                DataBytes += RunValue.Size(started.Trigger);
                break;
            case KeyValuesRead read:
                Step(read.Node).KeyValues = read.Values;
                DataBytes += RunValue.Size(read.Values);
                break;
            case StepStarted started:
                GraphState.Begin(Step(started.Node), started.At, started.Attempt);
                break;
            case OutcomeUnknown unknown:
                GraphState.Wait(Step(unknown.Node), unknown.At, null);
                Step(unknown.Node).IsOutcomeUnknown = true;
                break;
            case StepSucceeded succeeded:
                Succeed(PlaceOf(succeeded.Node), succeeded);
                break;
            case StepFailed failed:
                var failing = PlaceOf(failed.Node);
                failing.Graph.Fail(failing.Index, failed);
                break;
            case StepTakenOver taken:
                var kept = PlaceOf(taken.Node);
                kept.Graph.TakeOver(kept.Index, taken);
                DataBytes += RunValue.Size(taken.Output);
                break;
            case StepFiltered filtered:
                var outside = PlaceOf(filtered.Node);
                outside.Graph.Settle(outside.Index, StepStatus.Filtered, null, filtered.At);
                break;
            case StepDelayed delayed:
                GraphState.Wait(Step(delayed.Node), delayed.At, delayed.Until);
                break;
            case ReviewRequested requested:
                GraphState.Wait(Step(requested.Node), requested.At, requested.ExpiresAt);
                Step(requested.Node).ReviewId = requested.ReviewId;
                DataBytes += RunValue.Size(requested.Content);
                break;
            case SignalAwaited awaited:
                GraphState.Wait(Step(awaited.Node), awaited.At, awaited.ExpiresAt);
                Step(awaited.Node).Signal = awaited.Signal;
                break;
            case SignalReceived received:
                keptSignals.Add(received);
                DataBytes += RunValue.Size(received.Data);
                break;
            case ChildRequested requested:
                GraphState.Begin(Step(requested.Node), requested.At, requested.Attempt);
                Step(requested.Node).Child = requested.Child;
                break;
            case ChildAwaited awaited:
                GraphState.Wait(Step(awaited.Node), awaited.At, awaited.ExpiresAt);
                Step(awaited.Node).AwaitsChild = true;
                break;
            case ItemsStarted started:
                StartItems(PlaceOf(started.Node), started);
                break;
            case ItemStarted next:
                Step(next.Node).Loop!.Begin();
                break;
            case ItemFinished finished:
                Step(finished.Node).Loop!.End(finished.Index, finished.Error?.ToItem() ?? finished.Output, finished.At);
                DataBytes += RunValue.Size(finished.Output);
                break;
            case ItemsFinished finished:
                var loop = PlaceOf(finished.Node);
                loop.Graph.Succeed(loop.Index, loop.Step.Loop!.Results, loop.Node.Ports[0], finished.At);
                break;
            case Responded responded:
                Response ??= responded;
                DataBytes += RunValue.Size(responded.Headers) + RunValue.Size(responded.Body);
                break;
            case RunFinished finished:
                (Status, Output, Error, FinishedAt) = (finished.Status, finished.Output, finished.Error, finished.At);
                Root.Cancel(finished.At);
                break;
            case EventEmitted emitted:
                DataBytes += RunValue.Size(emitted.Data);
                break;
            case RunClaimed:
                break;
            default:
                throw new InvalidOperationException($"{recorded.GetType().Name} is no event of a run.");
        }
    }

    private StepState Step(string path) => PlaceOf(path).Step;

    private StepPlace? First(Func<StepState, bool> matches)
    {
        foreach (var place in Open)
            if (matches(place.Step))
                return place;
        return null;
    }

    private void Succeed(StepPlace place, StepSucceeded succeeded)
    {
        if (SignalFor(place.Step) is { } taken && succeeded.Port == "received")
            keptSignals.Remove(taken);
        DataBytes += RunValue.Size(succeeded.Output);
        place.Graph.Succeed(place.Index, succeeded.Output, succeeded.Port, succeeded.At);
    }

    private void StartItems(StepPlace place, ItemsStarted started)
    {
        GraphState.Begin(place.Step, started.At, 1);
        place.Step.Loop = new LoopState(place, started.Items.AsList, started.Concurrency);
        LoopSteps += started.Items.AsList.Count * place.Node.Body!.Nodes.Count;
        DataBytes += RunValue.Size(started.Items);
    }
}
