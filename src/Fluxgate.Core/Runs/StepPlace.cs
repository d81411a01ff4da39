using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>Where a step stands: node <paramref name="Index"/> of the run's graph, or of one item of a loop.</summary>
public readonly record struct StepPlace(GraphState Graph, int Index)
{
    public Node Node => Graph.Graph.Nodes[Index];

    public StepState Step => Graph.Steps[Index];

    /// <summary>What the journal and people call it: <c>post</c>, or <c>each[3].post</c> for the step of a loop's fourth item.</summary>
    public string Path => Graph.Prefix + Node.Id;

    /// <summary>Something outside is under way for it.</summary>
    public bool IsInFlight => Step.Status == StepStatus.Running && Step.Loop is null;
}
