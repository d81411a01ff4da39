using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Runs;

/// <summary>The items of a loop. Each that has begun has the state of the body's graph; they begin in order.</summary>
public sealed class LoopState
{
    private readonly StepPlace place;
    private readonly IReadOnlyList<CelValue> items;
    private readonly List<GraphState> begun = [];
    private readonly SortedSet<int> active = [];
    private readonly CelValue[] results;

    internal LoopState(StepPlace place, IReadOnlyList<CelValue> items, int concurrency)
    {
        (this.place, this.items, Concurrency) = (place, items, concurrency);
        results = new CelValue[items.Count];
    }

    /// <summary>How many items there are.</summary>
    public int Count => items.Count;

    /// <summary>Those that have begun, in order.</summary>
    public IReadOnlyList<GraphState> Begun => begun;

    /// <summary>Those that have ended.</summary>
    public int Ended => begun.Count - active.Count;

    internal int Concurrency { get; }

    internal bool HasNext => begun.Count < items.Count;

    internal bool HasPlace => active.Count < Concurrency;

    /// <summary>Indexes of the items that have begun and not ended.</summary>
    internal IReadOnlyCollection<int> Active => active;

    /// <summary>What the items gave, in their order.</summary>
    internal CelValue Results => CelValue.List(results);

    /// <summary>The next item begins.</summary>
    internal void Begin()
    {
        var index = begun.Count;
        begun.Add(new GraphState(place.Node.Body!, $"{place.Path}[{index}].", place.Graph, items[index], index));
        active.Add(index);
    }

    internal void End(int index, CelValue result, DateTimeOffset at)
    {
        results[index] = result;
        active.Remove(index);
        begun[index].Cancel(at);
    }

    internal void Cancel(DateTimeOffset at)
    {
        foreach (var index in active)
            begun[index].Cancel(at);
        active.Clear();
    }
}
