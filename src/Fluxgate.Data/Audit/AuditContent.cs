using System.Globalization;
using System.Text.Json;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Audit;

/// <summary>An event as it is sealed: the canonical JSON document, and the members of it that are columns too.</summary>
internal sealed record AuditContent(
    DateTimeOffset OccurredAt, string Type, string Action, string Result,
    string ActorKind, Guid? ActorId, string ActorLabel, string? Network,
    string ResourceKind, Guid? ResourceId, string? ResourceName, byte[] Canonical)
{
    private const int Format = 1;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static AuditContent From(OrganizationId organization, Guid id, AuditEntry entry)
    {
        // The id's own time (milliseconds), so that a range of time is a range of ids.
        var occurredAt = UuidTime.Of(id);
        var (type, action, result) = (OutsideText.Escape(entry.Type), OutsideText.Escape(entry.Action), OutsideText.Escape(entry.Result));
        var actorKind = SnakeCase.From(entry.Actor.Kind);
        var (label, network) = (OutsideText.Escape(entry.Actor.Label), entry.Actor.Network is { } n ? OutsideText.Escape(n) : null);
        var (kind, name) = (OutsideText.Escape(entry.Resource.Kind), entry.Resource.Name is { } r ? OutsideText.Escape(r) : null);
        var json = new AuditWriter();
        json.BeginObject();
        json.Member("action", action);
        json.BeginObject("actor");
        json.Member("id", entry.Actor.Id);
        json.Member("kind", actorKind);
        json.Member("label", label);
        json.Member("network", network);
        json.EndObject();
        if (entry.After is { } after)
            json.Member("after", after);
        if (entry.Before is { } before)
            json.Member("before", before);
        if (entry.Details is { } details)
            json.Member("details", details);
        json.Member("format", Format);
        json.Member("id", id);
        json.Member("occurred_at", occurredAt.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.Member("organization_id", organization.Value);
        json.BeginObject("resource");
        json.Member("id", entry.Resource.Id);
        json.Member("kind", kind);
        json.Member("name", name);
        json.EndObject();
        json.Member("result", result);
        json.Member("type", type);
        json.EndObject();
        return new AuditContent(occurredAt, type, action, result, actorKind, entry.Actor.Id, label, network, kind, entry.Resource.Id, name, json.ToArray());
    }

    /// <summary>
    /// What keeps <paramref name="row"/>'s columns and content from being one event, in words; null if nothing does.
    /// Whoever edits a column alone is found here, whoever edits the content is found by its hash.
    /// </summary>
    public static string? Fault(AuditRow row)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Content);
            var json = document.RootElement;
            if (!CanonicalJson.From(json).AsSpan().SequenceEqual(row.Content))
                return "The content is not in canonical form.";
            var (actor, resource) = (json.GetProperty("actor"), json.GetProperty("resource"));
            (string Column, JsonElement Sealed, string? Stored)[] columns =
            [
                ("organization_id", json.GetProperty("organization_id"), Text(row.OrganizationId.Value)),
                ("id", json.GetProperty("id"), Text(row.Id)),
                ("occurred_at", json.GetProperty("occurred_at"), row.OccurredAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)),
                ("type", json.GetProperty("type"), row.Type),
                ("action", json.GetProperty("action"), row.Action),
                ("result", json.GetProperty("result"), row.Result),
                ("actor_kind", actor.GetProperty("kind"), row.ActorKind),
                ("actor_id", actor.GetProperty("id"), Text(row.ActorId)),
                ("actor_label", actor.GetProperty("label"), row.ActorLabel),
                ("network", actor.GetProperty("network"), row.Network),
                ("resource_kind", resource.GetProperty("kind"), row.ResourceKind),
                ("resource_id", resource.GetProperty("id"), Text(row.ResourceId)),
                ("resource_name", resource.GetProperty("name"), row.ResourceName),
            ];
            foreach (var (column, value, stored) in columns)
                if (!string.Equals(value.GetString(), stored, StringComparison.Ordinal))
                    return $"The column {column} is not what the content says.";
            // Below a millisecond the text above says nothing.
            return row.OccurredAt == UuidTime.Of(row.Id) ? null : "The column occurred_at is not the time of the id.";
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentOutOfRangeException)
        {
            return "The content is not an event.";
        }
    }

    private static string? Text(Guid? id) => id?.ToString("D");
}
