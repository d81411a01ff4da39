using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Engine.Deliveries;

/// <summary>The body of an outgoing webhook, as Standard Webhooks lays it out: <c>type</c>, <c>timestamp</c>, <c>data</c>, and our <c>id</c>.</summary>
public static class WebhookEvent
{
    public static byte[] Write(Guid id, string type, DateTimeOffset at, JsonNode? data) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["id"] = id.ToString(),
        ["type"] = type,
        ["timestamp"] = at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["data"] = data,
    });
}
