using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>What a new run takes over from one that has ended.</summary>
public static class Retaking
{
    private static readonly Error Nothing = Error.Conflict("run.nothing_to_retry", "The run succeeded or is not finished; only one that failed, timed out or was cancelled is taken up again.");

    /// <summary>
    /// The results that <paramref name="ended"/>'s successor keeps: of all steps that are settled, without
    /// <paramref name="from"/>, a node's id, and whatever comes after it. Errors: <c>run.nothing_to_retry</c>,
    /// <c>run.unknown_step</c>, and <c>run.step_not_kept</c> if <paramref name="next"/>, the version that is to run, has no
    /// such step of the same type with the port that was taken.
    /// </summary>
    public static Result<IReadOnlyList<StepTakenOver>> Keep(RunState ended, RunId run, Workflow next, string? from, DateTimeOffset now)
    {
        if (ended.Status is not (RunStatus.Failed or RunStatus.TimedOut or RunStatus.Cancelled))
            return Nothing;
        var graph = ended.Workflow.Graph;
        var start = from is null ? null : graph.Nodes.FirstOrDefault(n => n.Id == from);
        if (from is not null && start is null)
            return Error.Refused("run.unknown_step", $"The run has no step '{from}' to start from; a step within a loop is started with its loop.");
        var again = start is null ? [] : After(graph, start.Index);
        var kept = new List<StepTakenOver>();
        foreach (var place in ended.Root.Places.Where(p => IsKept(p) && !again.Contains(p.Index)))
        {
            var same = next.Nodes.FirstOrDefault(n => n.Id == place.Node.Id);
            if (same is null || same.Type != place.Node.Type || !HasPort(same, place.Step.Port))
                return Error.Conflict("run.step_not_kept", $"The version that is to run has no step '{place.Node.Id}' of type {place.Node.Type.Name}{(place.Step.Port is { } port ? $" with the port {port}" : "")}, whose result would be kept; take the run up with its own version, or from an earlier step.");
            kept.Add(new StepTakenOver(now, place.Node.Id, run, place.Step.Status, place.Step.Output, place.Step.Port));
        }
        return kept;
    }

    /// <summary>What was skipped is skipped again by what is kept around it.</summary>
    private static bool IsKept(StepPlace place) => place.Step.Status switch
    {
        StepStatus.Succeeded or StepStatus.Filtered => true,
        StepStatus.Failed => place.Node.OnError != OnError.Fail,
        _ => false,
    };

    private static bool HasPort(Node node, string? port) => port is null || node.Ports.Contains(port) || (port == NodeType.ErrorPort && node.OnError == OnError.Error);

    private static HashSet<int> After(Graph graph, int start)
    {
        var after = new HashSet<int> { start };
        var open = new Queue<int>(after);
        while (open.TryDequeue(out var node))
            foreach (var edge in graph.Outgoing[node])
                if (after.Add(edge.To))
                    open.Enqueue(edge.To);
        return after;
    }
}
