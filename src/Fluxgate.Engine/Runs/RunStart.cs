using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;

namespace Fluxgate.Engine.Runs;

/// <summary>What starts a run. <paramref name="Trigger"/> is what expressions see as <c>trigger</c>.</summary>
public sealed record RunStart(
    OrganizationId Organization, WorkflowId Workflow, int Version, string WorkflowName, string TriggerType, CelValue Trigger, Actor Actor)
{
    /// <summary>Makes a repeat find the first run instead of starting another.</summary>
    public TriggerReceipt? Receipt { get; init; }

    /// <summary>The id of the run, by which a repeat finds it; made up anew if null.</summary>
    public RunId? Run { get; init; }

    /// <summary>Whose step calls the run.</summary>
    public RunParent? Parent { get; init; }

    /// <summary>The run that the new one takes up again, with the results that it keeps.</summary>
    public (RunId Run, IReadOnlyList<StepTakenOver> Kept)? Retry { get; init; }

    /// <summary>The run is of an error workflow, or is called by one that is.</summary>
    public bool HandlesError { get; init; }
}

/// <summary>
/// A run that is durable. <paramref name="Repeated"/> says that an earlier request started it; then
/// <paramref name="Finished"/> and <paramref name="Responded"/> never end.
/// </summary>
public sealed record StartedRun(RunId Run, bool Repeated, Task<RunState> Finished, Task<Responded> Responded);
