using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Runs;

/// <summary>One fact of a run. The journal is the list of them; a run's state is nothing but their fold. Steps are named by their path: the node's id, or <c>each[3].post</c> in an item of a loop.</summary>
public abstract record RunEvent(DateTimeOffset At);

/// <summary>The first event. <paramref name="Trigger"/> is what expressions see as <c>trigger</c>.</summary>
public sealed record RunStarted(DateTimeOffset At, string TriggerType, CelValue Trigger) : RunEvent(At)
{
    /// <summary>The run whose step called this one; null if none did.</summary>
    public RunParent? Parent { get; init; }

    /// <summary>The run that this one takes up again; null if there is none.</summary>
    public RunId? RetryOf { get; init; }

    /// <summary>The run is of an error workflow, or was called by one that is: its own failure starts nothing.</summary>
    public bool HandlesError { get; init; }

    /// <summary>The person who started the run; null if none did.</summary>
    public UserId? Starter { get; init; }

    /// <summary>When the run ends as timed out, whatever it does; null for runs of before there was one.</summary>
    public DateTimeOffset? Deadline { get; init; }
}

/// <summary>
/// Where a run was called: step <paramref name="Node"/> of <paramref name="Run"/>, which <paramref name="Waits"/> for its
/// end or not. <paramref name="Depth"/> counts the callers above the called run, from 1.
/// </summary>
public sealed record RunParent(RunId Run, string Node, int Depth, bool Waits);

/// <summary>What the step's expressions see of the key-value store, by name, null for what was not there; read once, so that the same is computed ever after.</summary>
public sealed record KeyValuesRead(DateTimeOffset At, string Node, CelValue Values) : RunEvent(At);

/// <summary>An attempt begins; for a node with an outside effect this is its intent, durable before the effect.</summary>
public sealed record StepStarted(DateTimeOffset At, string Node, int Attempt) : RunEvent(At);

/// <summary>The attempt had begun and whoever made it is gone; the step waits for somebody to say how it went.</summary>
public sealed record OutcomeUnknown(DateTimeOffset At, string Node) : RunEvent(At);

/// <summary>The step is done; edges of <paramref name="Port"/> are taken.</summary>
public sealed record StepSucceeded(DateTimeOffset At, string Node, CelValue Output, string Port) : RunEvent(At);

/// <summary>An attempt failed. With <paramref name="RetryAt"/> there will be another, without it the step has failed.</summary>
public sealed record StepFailed(DateTimeOffset At, string Node, int Attempt, StepError Error, DateTimeOffset? RetryAt) : RunEvent(At);

/// <summary>
/// The step's result is that of the run <paramref name="From"/>, which this one takes up again: it is not done anew.
/// <paramref name="Status"/> is succeeded, filtered, or failed with the failure handled by the graph.
/// </summary>
public sealed record StepTakenOver(DateTimeOffset At, string Node, RunId From, StepStatus Status, CelValue Output, string? Port) : RunEvent(At);

/// <summary>The filter of the node is false.</summary>
public sealed record StepFiltered(DateTimeOffset At, string Node) : RunEvent(At);

/// <summary>The step waits until a time.</summary>
public sealed record StepDelayed(DateTimeOffset At, string Node, DateTimeOffset Until) : RunEvent(At);

/// <summary>The step waits for a person's decision.</summary>
public sealed record ReviewRequested(
    DateTimeOffset At, string Node, Guid ReviewId, string Title, CelValue Content, IReadOnlyList<string> Approvers, DateTimeOffset? ExpiresAt) : RunEvent(At);

/// <summary>The step waits for a signal of that name.</summary>
public sealed record SignalAwaited(DateTimeOffset At, string Node, string Signal, DateTimeOffset? ExpiresAt) : RunEvent(At);

/// <summary>A signal came. It is kept until a step takes it: one that comes before its step waits is not lost.</summary>
public sealed record SignalReceived(DateTimeOffset At, string Signal, CelValue Data, string SentBy) : RunEvent(At);

/// <summary>An attempt at calling a workflow begins: the intent to start the run <paramref name="Child"/>, durable before that starts.</summary>
public sealed record ChildRequested(DateTimeOffset At, string Node, int Attempt, RunId Child) : RunEvent(At);

/// <summary>The called run has started; the step waits for its end, no longer than until <paramref name="ExpiresAt"/>.</summary>
public sealed record ChildAwaited(DateTimeOffset At, string Node, DateTimeOffset? ExpiresAt) : RunEvent(At);

/// <summary>A loop begins, over <paramref name="Items"/>, so many of them at once.</summary>
public sealed record ItemsStarted(DateTimeOffset At, string Node, CelValue Items, int Concurrency) : RunEvent(At);

/// <summary>The next item of a loop begins; they do so in their order.</summary>
public sealed record ItemStarted(DateTimeOffset At, string Node, int Index) : RunEvent(At);

/// <summary>All steps of a loop's item are settled, or it failed with <paramref name="Error"/>.</summary>
public sealed record ItemFinished(DateTimeOffset At, string Node, int Index, CelValue Output, StepError? Error) : RunEvent(At);

/// <summary>The loop is done; its output is the list of what its items gave.</summary>
public sealed record ItemsFinished(DateTimeOffset At, string Node) : RunEvent(At);

/// <summary>An event for the organization's outgoing webhooks.</summary>
public sealed record EventEmitted(DateTimeOffset At, string Node, Guid EventId, string Type, CelValue Data) : RunEvent(At);

/// <summary>What the sender of the request that started the run is answered.</summary>
public sealed record Responded(DateTimeOffset At, string Node, int Status, CelValue Headers, CelValue Body) : RunEvent(At);

/// <summary>Another node of the cluster goes on with the run; its append is what shuts the former owner out.</summary>
public sealed record RunClaimed(DateTimeOffset At, Guid ClusterNode) : RunEvent(At);

/// <summary>The last event. <paramref name="Error"/> is there unless the run succeeded.</summary>
public sealed record RunFinished(DateTimeOffset At, RunStatus Status, CelValue Output, StepError? Error) : RunEvent(At);

/// <summary>Why a step or run failed. <paramref name="Code"/> is stable; the message may hold run data and is kept encrypted.</summary>
public sealed record StepError(string Code, string Message, string? Node)
{
    /// <summary>What expressions see of it: <c>{code, message}</c>.</summary>
    internal CelValue ToValue() => CelValue.Map(("code", CelValue.From(Code)), ("message", CelValue.From(Message)));

    /// <summary>What an item that failed gives: <c>{error: {code, message}}</c>.</summary>
    internal CelValue ToItem() => CelValue.Map(("error", ToValue()));

    /// <summary>An attempt took longer than its node allows.</summary>
    public const string TimedOut = "step.timeout";

    public static StepError From(Error error, string node) => new(
        error.Code,
        error.Fields.Count == 0 ? error.Message : string.Join(" ", error.Fields.Select(f => $"{f.Pointer}: {f.Message}")),
        node);
}

/// <summary>Something from outside the run that concerns it.</summary>
public abstract record RunSignal;

public sealed record ReviewDecided(Guid ReviewId, bool Approved, string DecidedBy, string? Comment) : RunSignal;

public sealed record SignalSent(string Name, CelValue Data, string SentBy) : RunSignal;

/// <summary>A run that a step called has ended. <paramref name="Error"/> is there unless it succeeded.</summary>
public sealed record ChildEnded(RunId Child, RunStatus Status, CelValue Output, StepError? Error) : RunSignal;

public enum DecidedOutcome
{
    /// <summary>Nothing is known to have happened, or it may happen twice: the attempt is made again, with the same idempotency key.</summary>
    Retry,
    Succeeded,
    Failed,
}

/// <summary>Somebody says how the attempt at step <paramref name="Node"/>, a path, went; <paramref name="Output"/> is what the step gives if it succeeded.</summary>
public sealed record OutcomeDecided(string Node, DecidedOutcome Outcome, CelValue Output, string DecidedBy, string Reason) : RunSignal;

public sealed record CancelRequested(string RequestedBy) : RunSignal;
