using System.Text.Json;
using Fluxgate.Data.Audit;

namespace Fluxgate.Server.Features.Audit;

public sealed record AuditActorResponse(string Kind, Guid? Id, string Label, string? Network);

public sealed record AuditResourceResponse(string Kind, Guid? Id, string? Name);

/// <summary>
/// One entry. <paramref name="Index"/> is its place in the organization's sealed log, <paramref name="Hash"/> the chain
/// up to it and <paramref name="PreviousHash"/> the chain before it (hexadecimal SHA-256); all null until it is sealed,
/// <paramref name="PreviousHash"/> also for the first entry.
/// </summary>
public sealed record AuditEventResponse(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Type,
    string Action,
    string Result,
    AuditActorResponse Actor,
    AuditResourceResponse Resource,
    JsonElement? Details,
    JsonElement? Before,
    JsonElement? After,
    long? Index,
    string? Leaf,
    string? Hash,
    string? PreviousHash)
{
    internal static AuditEventResponse From(AuditEvent e)
    {
        var content = Content(e.Content);
        return new AuditEventResponse(
            e.Id, e.OccurredAt, e.Type, e.Action, e.Result,
            new AuditActorResponse(e.ActorKind, e.ActorId, e.ActorLabel, e.Network),
            new AuditResourceResponse(e.ResourceKind, e.ResourceId, e.ResourceName),
            Member(content, "details"), Member(content, "before"), Member(content, "after"),
            e.Index, Hex(e.Leaf), Hex(e.Chain), Hex(e.PreviousChain));
    }

    /// <summary>Content that somebody broke must not keep the rest of the list from being read; verification names it.</summary>
    private static JsonElement? Content(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement? content, string name) =>
        content is { } members && members.TryGetProperty(name, out var value) ? value : null;

    private static string? Hex(byte[]? hash) => hash is null ? null : Convert.ToHexStringLower(hash);
}
