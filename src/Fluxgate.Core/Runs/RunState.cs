using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>A run as the fold of its events. Pure: no clock, no I/O; the same events give the same state everywhere.</summary>
public sealed class RunState
{
    private readonly StepState[] steps;
    private readonly int[] openEdges;
    private readonly bool[] anyTaken;
    private readonly Dictionary<string, CelValue> outputs = new(StringComparer.Ordinal);
    private readonly List<SignalReceived> kept = [];
    private CelValue? outputsValue;
    private int unsettled;

    public RunState(Workflow workflow)
    {
        Workflow = workflow;
        steps = [.. workflow.Nodes.Select(_ => new StepState())];
        openEdges = [.. workflow.Incoming.Select(e => e.Count)];
        anyTaken = [.. workflow.Incoming.Select(e => e.Count == 0)];
        unsettled = steps.Length;
    }

    public Workflow Workflow { get; }

    public RunStatus Status { get; private set; } = RunStatus.Queued;

    public IReadOnlyList<StepState> Steps => steps;

    public string TriggerType { get; private set; } = "";

    /// <summary>Who called this run; null if no run did.</summary>
    public RunParent? Parent { get; private set; }

    /// <summary>What expressions see as <c>trigger</c>.</summary>
    public CelValue Trigger { get; private set; }

    /// <summary>What expressions see as <c>steps</c>: a map of the outputs of the steps that succeeded.</summary>
    public CelValue Outputs => outputsValue ??= CelValue.Map(outputs);

    public CelValue Output { get; private set; }

    public StepError? Error { get; private set; }

    public Responded? Response { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>A step that failed and whose node says that the run fails with it.</summary>
    public StepError? Fatal { get; private set; }

    /// <summary>Bytes of the values that the events brought, measured as <see cref="RunValue"/> measures.</summary>
    public long DataBytes { get; private set; }

    internal int KeptSignals => kept.Count;

    internal bool IsAwaited(string signal) => steps.Any(s => s.Status == StepStatus.Waiting && s.Signal == signal);

    /// <summary>The oldest signal that came and that the waiting step takes; null if there is none or it waits for something else.</summary>
    internal SignalReceived? SignalFor(int node) =>
        steps[node] is { Status: StepStatus.Waiting, Signal: { } signal } ? kept.Find(k => k.Signal == signal) : null;

    /// <summary>The outputs of the steps whose branch leads into a node, by their ids.</summary>
    internal CelValue TakenOutputs(int node) => CelValue.Map(Workflow.Incoming[node]
        .Where(e => steps[e.From].Port == e.Port)
        .Select(e => Workflow.Nodes[e.From].Id).Distinct()
        .ToDictionary(id => id, id => outputs[id], StringComparer.Ordinal));

    /// <summary>The step that called <paramref name="child"/> and has not gone on without it; -1 if there is none.</summary>
    internal int CallerOf(RunId child) =>
        Array.FindIndex(steps, s => s.Child == child && (s.Status == StepStatus.Running || s is { Status: StepStatus.Waiting, AwaitsChild: true }));

    internal bool AllSettled => unsettled == 0;

    internal bool IsReady(int node) => steps[node].Status == StepStatus.Pending && openEdges[node] == 0 && anyTaken[node];

    public void Apply(RunEvent recorded)
    {
        switch (recorded)
        {
            case RunStarted started:
                (Status, TriggerType, Trigger, Parent, StartedAt) = (RunStatus.Running, started.TriggerType, started.Trigger, started.Parent, started.At);
                DataBytes += RunValue.Size(started.Trigger);
                break;
            case KeyValuesRead read:
                Step(read.Node).KeyValues = read.Values;
                DataBytes += RunValue.Size(read.Values);
                break;
            case StepStarted started:
                Begin(Step(started.Node), started.At, started.Attempt);
                break;
            case StepSucceeded succeeded:
                Succeed(Workflow.IndexOf(succeeded.Node), succeeded);
                break;
            case StepFailed failed:
                Fail(Workflow.IndexOf(failed.Node), failed);
                break;
            case StepFiltered filtered:
                Settle(Workflow.IndexOf(filtered.Node), StepStatus.Filtered, null, filtered.At);
                break;
            case StepDelayed delayed:
                Wait(Step(delayed.Node), delayed.At, delayed.Until);
                break;
            case ReviewRequested requested:
                Wait(Step(requested.Node), requested.At, requested.ExpiresAt);
                Step(requested.Node).ReviewId = requested.ReviewId;
                DataBytes += RunValue.Size(requested.Content);
                break;
            case SignalAwaited awaited:
                Wait(Step(awaited.Node), awaited.At, awaited.ExpiresAt);
                Step(awaited.Node).Signal = awaited.Signal;
                break;
            case SignalReceived received:
                kept.Add(received);
                DataBytes += RunValue.Size(received.Data);
                break;
            case ChildRequested requested:
                Begin(Step(requested.Node), requested.At, requested.Attempt);
                Step(requested.Node).Child = requested.Child;
                break;
            case ChildAwaited awaited:
                Wait(Step(awaited.Node), awaited.At, awaited.ExpiresAt);
                Step(awaited.Node).AwaitsChild = true;
                break;
            case Responded responded:
                Response ??= responded;
                DataBytes += RunValue.Size(responded.Headers) + RunValue.Size(responded.Body);
                break;
            case RunFinished finished:
                Finish(finished);
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

    private StepState Step(string node) => steps[Workflow.IndexOf(node)];

    private static void Begin(StepState step, DateTimeOffset at, int attempt)
    {
        step.Status = StepStatus.Running;
        step.Attempt = attempt;
        step.StartedAt ??= at;
        step.DueAt = null;
    }

    private static void Wait(StepState step, DateTimeOffset at, DateTimeOffset? due)
    {
        step.Status = StepStatus.Waiting;
        step.Attempt = Math.Max(step.Attempt, 1);
        step.StartedAt ??= at;
        step.DueAt = due;
    }

    private void Succeed(int node, StepSucceeded succeeded)
    {
        var step = steps[node];
        step.Attempt = Math.Max(step.Attempt, 1);
        step.StartedAt ??= succeeded.At;
        step.Output = succeeded.Output;
        if (SignalFor(node) is { } taken && succeeded.Port == "received")
            kept.Remove(taken);
        DataBytes += RunValue.Size(succeeded.Output);
        SetOutput(node, succeeded.Output);
        Settle(node, StepStatus.Succeeded, succeeded.Port, succeeded.At);
    }

    private void Fail(int node, StepFailed failed)
    {
        var step = steps[node];
        step.Attempt = failed.Attempt;
        step.StartedAt ??= failed.At;
        step.Error = failed.Error;
        step.AwaitsChild = false;
        if (failed.RetryAt is { } retry)
        {
            step.Status = StepStatus.Waiting;
            step.DueAt = retry;
            return;
        }
        var onError = Workflow.Nodes[node].OnError;
        if (onError == OnError.Fail)
            Fatal ??= failed.Error;
        else
            SetOutput(node, step.Output = onError == OnError.Continue ? CelValue.Null : ErrorValue(failed.Error));
        Settle(node, StepStatus.Failed, onError switch
        {
            OnError.Continue => Workflow.Nodes[node].Ports is [var first, ..] ? first : null,
            OnError.Error => NodeType.ErrorPort,
            _ => null,
        }, failed.At);
    }

    private void SetOutput(int node, CelValue output)
    {
        outputs[Workflow.Nodes[node].Id] = output;
        outputsValue = null;
    }

    private void Finish(RunFinished finished)
    {
        (Status, Output, Error, FinishedAt) = (finished.Status, finished.Output, finished.Error, finished.At);
        foreach (var step in steps.Where(s => !s.IsSettled))
        {
            step.Status = StepStatus.Cancelled;
            step.FinishedAt = finished.At;
            step.DueAt = null;
        }
    }

    /// <summary>Closes a step; nodes whose last open edge this was become ready or, if no edge into them was taken, skipped in turn.</summary>
    private void Settle(int node, StepStatus status, string? port, DateTimeOffset at)
    {
        var closed = new Queue<(int Node, StepStatus Status, string? Port)>([(node, status, port)]);
        while (closed.TryDequeue(out var next))
        {
            var step = steps[next.Node];
            (step.Status, step.Port, step.DueAt) = (next.Status, next.Port, null);
            step.FinishedAt = at;
            unsettled--;
            foreach (var edge in Workflow.Outgoing[next.Node])
            {
                anyTaken[edge.To] |= edge.Port == next.Port;
                if (--openEdges[edge.To] == 0 && !anyTaken[edge.To])
                    closed.Enqueue((edge.To, StepStatus.Skipped, null));
            }
        }
    }

    private static CelValue ErrorValue(StepError error) => CelValue.Map(new Dictionary<string, CelValue>(StringComparer.Ordinal)
    {
        ["code"] = CelValue.From(error.Code),
        ["message"] = CelValue.From(error.Message),
    });
}
