using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Shows run data with a marker in place of what a node calls sensitive.</summary>
internal static class SensitiveData
{
    private const string Marker = "[sensitive]";

    /// <summary><paramref name="pointers"/> are JSON pointers (RFC 6901) into the value.</summary>
    public static JsonElement Json(CelValue value, IReadOnlyList<string> pointers)
    {
        var bytes = value.ToJson();
        if (pointers.Count > 0 && JsonNode.Parse(bytes) is { } root)
        {
            foreach (var pointer in pointers)
                Hide(root, pointer);
            bytes = JsonSerializer.SerializeToUtf8Bytes(root);
        }
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }

    private static void Hide(JsonNode root, string pointer)
    {
        var parts = pointer.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        JsonNode? parent = root;
        foreach (var part in parts[..^1])
            parent = Child(parent, part);
        switch (parent)
        {
            case JsonObject map when map.ContainsKey(parts[^1]):
                map[parts[^1]] = Marker;
                break;
            case JsonArray list when Index(parts[^1], list) is { } index:
                list[index] = Marker;
                break;
        }
    }

    private static JsonNode? Child(JsonNode? node, string part) => node switch
    {
        JsonObject map => map[part],
        JsonArray list when Index(part, list) is { } index => list[index],
        _ => null,
    };

    private static int? Index(string part, JsonArray list) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count ? index : null;
}
