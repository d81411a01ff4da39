namespace Fluxgate.Data.Audit;

/// <summary>Which events a list holds; null asks for all. <paramref name="From"/> is included, <paramref name="To"/> is not.</summary>
public sealed record AuditFilter(
    string? Type = null,
    string? Action = null,
    string? Result = null,
    string? ResourceKind = null,
    Guid? ResourceId = null,
    Guid? ActorId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null);

/// <summary>An event with its place in the sealed log; the last four are null until it is sealed.</summary>
public sealed record AuditEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Type,
    string Action,
    string Result,
    string ActorKind,
    Guid? ActorId,
    string ActorLabel,
    string? Network,
    string ResourceKind,
    Guid? ResourceId,
    string? ResourceName,
    byte[] Content,
    long? Index,
    byte[]? Leaf,
    byte[]? Chain,
    byte[]? PreviousChain);
