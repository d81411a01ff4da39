using Fluxgate.Core.Kernel;

namespace Fluxgate.Data.Audit;

/// <summary>
/// A row of <c>audit_events</c>, and the <paramref name="Leaf"/> that goes into <c>audit_queue</c> with it.
/// <paramref name="Content"/> is the whole event as canonical JSON (RFC 8785); the other columns repeat it for filters.
/// </summary>
public sealed record AuditRow(
    OrganizationId OrganizationId,
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
    byte[] Salt,
    byte[] Leaf);
