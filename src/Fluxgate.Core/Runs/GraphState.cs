using System.Globalization;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>The steps of one graph: of the run itself, or of one item of a loop.</summary>
public sealed class GraphState
{
    private readonly StepState[] steps;
    private readonly int[] openEdges;
    private readonly bool[] anyTaken;
    private readonly Dictionary<string, CelValue> outputs = new(StringComparer.Ordinal);
    private readonly GraphState? outer;
    private readonly CelValue item;
    private CelValue? outputsValue;
    private int unsettled;

    internal GraphState(Graph graph, string prefix = "", GraphState? outer = null, CelValue item = default, int index = 0)
    {
        (Graph, Prefix, this.outer, this.item, Item) = (graph, prefix, outer, item, outer is null ? null : index);
        steps = [.. graph.Nodes.Select(_ => new StepState())];
        openEdges = [.. graph.Incoming.Select(e => e.Count)];
        anyTaken = [.. graph.Incoming.Select(e => e.Count == 0)];
        unsettled = steps.Length;
    }

    public Graph Graph { get; }

    /// <summary>What stands before the names of its steps: nothing, or <c>each[3].</c></summary>
    public string Prefix { get; }

    /// <summary>The item's place in its list, from 0; null if the graph is the run's.</summary>
    public int? Item { get; }

    public IReadOnlyList<StepState> Steps => steps;

    public IEnumerable<StepPlace> Places => Enumerable.Range(0, steps.Length).Select(i => new StepPlace(this, i));

    /// <summary>What expressions see as <c>steps</c>: the outputs of the steps that succeeded, here and around the loop.</summary>
    public CelValue Outputs => outputsValue ??= CelValue.Map(outer is null ? outputs : Together());

    /// <summary>A step that failed and whose node says that all of the graph fails with it.</summary>
    internal StepError? Fatal { get; private set; }

    internal bool AllSettled => unsettled == 0;

    internal bool IsReady(int node) => steps[node].Status == StepStatus.Pending && openEdges[node] == 0 && anyTaken[node];

    /// <summary>The value that expressions see as <c>item</c> or <c>index</c>.</summary>
    internal bool TryGetItem(string name, out CelValue value)
    {
        value = name == "item" ? item : CelValue.From((long)(Item ?? 0));
        return outer is not null && name is "item" or "index";
    }

    /// <summary>The outputs of the steps whose branch leads into a node, by their ids.</summary>
    internal CelValue TakenOutputs(int node) => CelValue.Map(Graph.Incoming[node]
        .Where(e => steps[e.From].Port == e.Port)
        .Select(e => Graph.Nodes[e.From].Id).Distinct()
        .ToDictionary(id => id, id => outputs[id], StringComparer.Ordinal));

    /// <summary>The step that a path names, from this graph on.</summary>
    internal StepPlace PlaceOf(ReadOnlySpan<char> path)
    {
        var open = path.IndexOf('[');
        if (open < 0)
            return new StepPlace(this, Graph.IndexOf(path.ToString()));
        var close = path.IndexOf(']');
        var loop = steps[Graph.IndexOf(path[..open].ToString())].Loop!;
        return loop.Begun[int.Parse(path[(open + 1)..close], NumberStyles.None, CultureInfo.InvariantCulture)].PlaceOf(path[(close + 2)..]);
    }

    /// <summary>Its steps and those of the items within it: of all that have begun, or only of those that have not ended.</summary>
    public IEnumerable<StepPlace> StepsWithin(bool ended)
    {
        foreach (var place in Places)
        {
            yield return place;
            if (place.Step.Loop is not { } loop)
                continue;
            foreach (var within in ended ? loop.Begun : loop.Active.Select(i => loop.Begun[i]))
                foreach (var step in within.StepsWithin(ended))
                    yield return step;
        }
    }

    internal static void Begin(StepState step, DateTimeOffset at, int attempt)
    {
        step.Status = StepStatus.Running;
        step.IsOutcomeUnknown = false;
        step.Attempt = attempt;
        step.StartedAt ??= at;
        step.DueAt = null;
    }

    internal static void Wait(StepState step, DateTimeOffset at, DateTimeOffset? due)
    {
        step.Status = StepStatus.Waiting;
        step.Attempt = Math.Max(step.Attempt, 1);
        step.StartedAt ??= at;
        step.DueAt = due;
    }

    internal void Succeed(int node, CelValue output, string port, DateTimeOffset at)
    {
        var step = steps[node];
        step.Attempt = Math.Max(step.Attempt, 1);
        step.StartedAt ??= at;
        step.Output = output;
        step.IsOutcomeUnknown = false;
        SetOutput(node, output);
        Settle(node, StepStatus.Succeeded, port, at);
    }

    internal void TakeOver(int node, StepTakenOver taken)
    {
        var step = steps[node];
        (step.TakenFrom, step.StartedAt, step.Output) = (taken.From, taken.At, taken.Output);
        if (taken.Status != StepStatus.Filtered)
            SetOutput(node, taken.Output);
        Settle(node, taken.Status, taken.Port, taken.At);
    }

    internal void Fail(int node, StepFailed failed)
    {
        var step = steps[node];
        step.Attempt = failed.Attempt;
        step.StartedAt ??= failed.At;
        step.Error = failed.Error;
        (step.AwaitsChild, step.IsOutcomeUnknown) = (false, false);
        if (failed.RetryAt is { } retry)
        {
            step.Status = StepStatus.Waiting;
            step.DueAt = retry;
            return;
        }
        step.Loop?.Cancel(failed.At);
        var onError = Graph.Nodes[node].OnError;
        if (onError == OnError.Fail)
            Fatal ??= failed.Error;
        else
            SetOutput(node, step.Output = onError == OnError.Continue ? CelValue.Null : failed.Error.ToValue());
        Settle(node, StepStatus.Failed, onError switch
        {
            OnError.Continue => Graph.Nodes[node].Ports is [var first, ..] ? first : null,
            OnError.Error => NodeType.ErrorPort,
            _ => null,
        }, failed.At);
    }

    /// <summary>Gives up whatever is not settled, here and within.</summary>
    internal void Cancel(DateTimeOffset at)
    {
        foreach (var step in steps.Where(s => !s.IsSettled))
        {
            step.Loop?.Cancel(at);
            step.Status = StepStatus.Cancelled;
            step.FinishedAt = at;
            step.DueAt = null;
        }
    }

    /// <summary>Closes a step; nodes whose last open edge this was become ready or, if no edge into them was taken, skipped in turn.</summary>
    internal void Settle(int node, StepStatus status, string? port, DateTimeOffset at)
    {
        var closed = new Queue<(int Node, StepStatus Status, string? Port)>([(node, status, port)]);
        while (closed.TryDequeue(out var next))
        {
            var step = steps[next.Node];
            (step.Status, step.Port, step.DueAt) = (next.Status, next.Port, null);
            step.FinishedAt = at;
            unsettled--;
            foreach (var edge in Graph.Outgoing[next.Node])
            {
                anyTaken[edge.To] |= edge.Port == next.Port;
                if (--openEdges[edge.To] == 0 && !anyTaken[edge.To])
                    closed.Enqueue((edge.To, StepStatus.Skipped, null));
            }
        }
    }

    private void SetOutput(int node, CelValue output)
    {
        outputs[Graph.Nodes[node].Id] = output;
        outputsValue = null;
    }

    /// <summary>What is around does not change while an expression of the body needs it: those steps come before the loop.</summary>
    private Dictionary<string, CelValue> Together()
    {
        var together = new Dictionary<string, CelValue>(outputs, StringComparer.Ordinal);
        for (var around = outer; around is not null; around = around.outer)
            foreach (var (id, output) in around.outputs)
                together.TryAdd(id, output);
        return together;
    }
}
