using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Audit;

/// <summary>An event as it is sealed: the JSON document, and the members of it that are columns too.</summary>
internal sealed record AuditContent(
    DateTimeOffset OccurredAt, string Type, string Action, string Result,
    string ActorKind, Guid? ActorId, string ActorLabel, string? Network,
    string ResourceKind, Guid? ResourceId, string? ResourceName, JsonObject Json)
{
    /// <summary>Details and changes above this size are recorded by their digest, so that an event cannot be refused for its size.</summary>
    public const int MaxDetailBytes = 256 * 1024;

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
        var json = new JsonObject
        {
            ["format"] = Format,
            ["organization_id"] = Text(organization.Value),
            ["id"] = Text(id),
            ["occurred_at"] = occurredAt.ToString(TimeFormat, CultureInfo.InvariantCulture),
            ["type"] = type,
            ["action"] = action,
            ["result"] = result,
            ["actor"] = new JsonObject { ["kind"] = actorKind, ["id"] = Text(entry.Actor.Id), ["label"] = label, ["network"] = network },
            ["resource"] = new JsonObject { ["kind"] = kind, ["id"] = Text(entry.Resource.Id), ["name"] = name },
        };
        Add(json, "details", entry.Details);
        Add(json, "before", entry.Before);
        Add(json, "after", entry.After);
        return new AuditContent(occurredAt, type, action, result, actorKind, entry.Actor.Id, label, network, kind, entry.Resource.Id, name, json);
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

    private static void Add(JsonObject json, string name, JsonObject? value)
    {
        if (value is null)
            return;
        var escaped = OutsideText.Escape(value);
        var bytes = CanonicalJson.From(escaped);
        json[name] = bytes.Length <= MaxDetailBytes
            ? escaped
            : new JsonObject { ["omitted_bytes"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
    }

    private static string? Text(Guid? id) => id?.ToString("D");
}
