using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;

namespace Fluxgate.Engine.Runs;

/// <summary>One durable step of a run: its events and every row that must become true together with them.</summary>
internal sealed record JournalAppend(OrganizationId Organization, RunId Run, int AppendNo, Guid AppendId, byte[]? Events, DateTimeOffset At, RunSnapshot Snapshot)
{
    /// <summary>Where the events are, if they are too large to share a commit with others; <see cref="Events"/> is null then.</summary>
    public Guid? ValueId { get; init; }

    /// <summary>Sealed bytes that are kept at <see cref="ValueId"/>.</summary>
    public int ValueBytes { get; init; }

    /// <summary>Who goes on with the run and when; null once it is finished.</summary>
    public RunWork? Work { get; init; }

    /// <summary>Whether the run has a work row that goes away now.</summary>
    public bool EndsWork { get; init; }

    public TriggerReceipt? Receipt { get; init; }

    /// <summary>Sealed bytes that the journal grows by.</summary>
    public long StoredBytes => Events?.Length ?? ValueBytes;

    /// <summary>About how much the append sends to PostgreSQL.</summary>
    public long Bytes => (Events?.Length ?? 0) + Outbox.Sum(o => (long)o.Payload.Length) + Reviews.Sum(r => (long)r.Content.Length) + Signals.Sum(s => (long)s.Payload.Length);

    public IReadOnlyList<AuditRow> Audit { get; init; } = [];

    public IReadOnlyList<OutboxRow> Outbox { get; init; } = [];

    public IReadOnlyList<ReviewRow> Reviews { get; init; } = [];

    /// <summary>Reviews that nobody decided in time or whose run has ended.</summary>
    public IReadOnlyList<(Guid Id, string State)> ClosedReviews { get; init; } = [];

    /// <summary>The id of the run that the error workflow of this one will have; null if none starts.</summary>
    public Guid? ErrorRun { get; init; }

    /// <summary>What the events tell other runs.</summary>
    public IReadOnlyList<SentSignal> Signals { get; init; } = [];

    /// <summary>Signals that the events answer.</summary>
    public IReadOnlyList<Guid> SignalsTaken { get; init; } = [];
}

internal sealed record RunSnapshot(WorkflowId Workflow, int WorkflowVersion, RunStatus Status, string TriggerType, RunParent? Parent, RunId? RetryOf, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? ErrorCode);

/// <summary>A null node means: free to be claimed when due. <paramref name="DataBytes"/> is what the run will take of memory.</summary>
internal sealed record RunWork(Guid? Node, DateTimeOffset DueAt, long DataBytes);

/// <summary>What makes a repeated delivery find the first run. <paramref name="BodyHash"/> tells a repeat from another request under the same key.</summary>
public sealed record TriggerReceipt(string Key, byte[] BodyHash);

internal sealed record OutboxRow(Guid Id, string EventType, byte[] Payload);

/// <summary>A sealed signal for the run <paramref name="To"/>.</summary>
internal sealed record SentSignal(Guid Id, RunId To, byte[] Payload);

internal sealed record ReviewRow(Guid Id, string Node, byte[] Content, byte[] ContentSha256, string State, string[] Approvers, DateTimeOffset? ExpiresAt);

internal enum AppendOutcome
{
    /// <summary>Durable.</summary>
    Won,

    /// <summary>Another append has this number, or the trigger's receipt is taken: nothing was written.</summary>
    Lost,
}
