using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Data.Audit;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.KeyValues;

/// <summary>
/// An entry without its value. <paramref name="Scope"/> is where it lives: organization or workflow:{id}.
/// <paramref name="AllowedHosts"/> are the hosts that a secret may be sent to; null for what is no secret.
/// </summary>
public sealed record KvEntrySummary(
    string Scope, string Key, bool IsSecret, IReadOnlyList<string>? AllowedHosts, long Version, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static KvEntrySummary Of(KvEntry entry) =>
        new(entry.Scope.ToString(), entry.Key, entry.IsSecret, entry.AllowedHosts, entry.Version, entry.ExpiresAt, entry.CreatedAt, entry.UpdatedAt);
}

/// <summary>An entry with its value, which for a secret is null: no answer ever holds one.</summary>
public sealed record KvEntryResponse(
    string Scope, string Key, bool IsSecret, JsonElement Value, IReadOnlyList<string>? AllowedHosts, long Version, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static KvEntryResponse Of(KvEntry entry, CelValue value)
    {
        using var json = JsonDocument.Parse(value.ToJson());
        return new KvEntryResponse(
            entry.Scope.ToString(), entry.Key, entry.IsSecret, json.RootElement.Clone(), entry.AllowedHosts, entry.Version, entry.ExpiresAt, entry.CreatedAt, entry.UpdatedAt);
    }
}

internal static class KvAudit
{
    /// <summary>Who changed which entry, never to what.</summary>
    public static AuditEntry Entry(string type, string action, Security.OrganizationCaller caller, KvEntry entry) =>
        new(type, action, caller.Actor, new AuditResource("kv_entry", entry.Id, entry.Key))
        {
            Details = JsonConventions.Object(new { scope = entry.Scope.ToString(), entry.Version, entry.AllowedHosts, entry.ExpiresAt }),
        };
}
