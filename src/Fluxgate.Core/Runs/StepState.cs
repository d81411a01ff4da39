using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Runs;

/// <summary>Where a step stands.</summary>
public sealed class StepState
{
    public StepStatus Status { get; internal set; }

    /// <summary>Attempts begun, from 1; 0 before the first.</summary>
    public int Attempt { get; internal set; }

    public CelValue Output { get; internal set; }

    /// <summary>The port whose edges are taken; null if none is.</summary>
    public string? Port { get; internal set; }

    public DateTimeOffset? StartedAt { get; internal set; }

    public DateTimeOffset? FinishedAt { get; internal set; }

    /// <summary>When the step goes on by itself: next attempt, end of a delay, expiry of a review.</summary>
    public DateTimeOffset? DueAt { get; internal set; }

    public Guid? ReviewId { get; internal set; }

    /// <summary>The signal that the step waits or waited for.</summary>
    public string? Signal { get; internal set; }

    /// <summary>The run that the step's last attempt has called.</summary>
    public RunId? Child { get; internal set; }

    /// <summary>The step waits for the end of <see cref="Child"/>.</summary>
    internal bool AwaitsChild { get; set; }

    /// <summary>An attempt was begun and nobody knows how it went; the step waits for a decision.</summary>
    public bool IsOutcomeUnknown { get; internal set; }

    /// <summary>What the step's expressions see of the key-value store; null before it was read.</summary>
    internal CelValue? KeyValues { get; set; }

    /// <summary>The run whose result this is, if the step was not done here.</summary>
    public RunId? TakenFrom { get; internal set; }

    /// <summary>The items of a loop that has begun.</summary>
    public LoopState? Loop { get; internal set; }

    /// <summary>The last failure; stays after a later attempt has succeeded.</summary>
    public StepError? Error { get; internal set; }

    internal bool IsSettled => Status is StepStatus.Succeeded or StepStatus.Failed or StepStatus.Skipped or StepStatus.Filtered or StepStatus.Cancelled;
}
