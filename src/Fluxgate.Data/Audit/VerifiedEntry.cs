using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Audit;

/// <summary>An entry of the log beside its event, either of which may be missing.</summary>
internal sealed record VerifiedEntry(
    Guid EventId,
    OrganizationId? OrganizationId, DateTimeOffset? OccurredAt, string? Type, string? Action, string? Result,
    string? ActorKind, Guid? ActorId, string? ActorLabel, string? Network,
    string? ResourceKind, Guid? ResourceId, string? ResourceName, byte[]? Content, byte[]? Salt,
    byte[]? SealedLeaf, long? Index, byte[]? Chain, byte[]? PreviousChain)
{
    /// <summary>The columns of the event's part, of <c>audit_events e</c>.</summary>
    public static Sql EventColumns => $"""
        e.organization_id, e.occurred_at, e.type, e.action, e.result, e.actor_kind, e.actor_id, e.actor_label, e.network,
            e.resource_kind, e.resource_id, e.resource_name, e.content, e.salt
        """;

    public string? ContentFault() => Content is null
        ? "The event is missing."
        : AuditContent.Fault(new AuditRow(
            OrganizationId!.Value, EventId, OccurredAt!.Value, Type!, Action!, Result!, ActorKind!, ActorId, ActorLabel!, Network,
            ResourceKind!, ResourceId, ResourceName, Content, Salt!, []));

    public string? LeafFault() =>
        Content is null ? "Without the event there is nothing to compare the leaf with."
        : SealedLeaf is null ? "The event is neither sealed nor waiting to be."
        : AuditHash.Leaf(Salt, Content).AsSpan().SequenceEqual(SealedLeaf) ? null
        : "The content is not what was sealed.";

    public string? ChainFault(byte[] previous) =>
        AuditHash.Chain(previous, Index!.Value, SealedLeaf).AsSpan().SequenceEqual(Chain)
            ? null
            : "The link does not follow from the entry before it.";

    /// <summary>The first check that does not hold, or null.</summary>
    public AuditStep? Fault(byte[] previous)
    {
        foreach (var (name, fault) in (ReadOnlySpan<(string, string?)>)[("chain", ChainFault(previous)), ("content", ContentFault()), ("leaf", LeafFault())])
            if (fault is not null)
                return new AuditStep(name, false, fault);
        return null;
    }
}
