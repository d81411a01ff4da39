using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Runs;

namespace Fluxgate.Server.Features.Runs;

/// <summary>
/// Shows a run's data with a marker in place of what its workflow calls sensitive: where that stands, and wherever the same
/// values are found again in what the run shows, alone or within other text.
/// </summary>
internal sealed class SensitiveData
{
    private const string Marker = "[sensitive]";

    /// <summary>Anything shorter stands in other data by chance: it is hidden in its place alone.</summary>
    private const int Shortest = 4;

    private readonly HashSet<string> values = new(StringComparer.Ordinal);
    private SearchValues<string>? search;
    private int[] lengths = [];

    /// <summary>The texts that are hidden wherever they stand.</summary>
    public IReadOnlyCollection<string> Texts => values;

    /// <summary>Takes in what <see cref="Texts"/> was of other data.</summary>
    public void Take(IEnumerable<string> texts)
    {
        values.UnionWith(texts);
        Index();
    }

    /// <summary>Takes in what the workflow of <paramref name="state"/> calls sensitive; may be told of the same run again.</summary>
    public void Take(RunState state)
    {
        var known = values.Count;
        Take(state.Trigger, state.Workflow.Trigger.Sensitive);
        foreach (var place in state.Root.StepsWithin(ended: true))
            Take(place.Step.Output, place.Node.Sensitive);
        if (values.Count != known)
            Index();
    }

    private void Index()
    {
        lengths = [.. values.Select(v => v.Length).Distinct().OrderDescending()];
        search = SearchValues.Create([.. values], StringComparison.Ordinal);
    }

    /// <summary>The value as it is shown, with <paramref name="pointers"/> (RFC 6901) into it hidden; and whether anything was.</summary>
    public (JsonElement Json, bool IsRedacted) Show(CelValue value, IReadOnlyList<string> pointers)
    {
        var bytes = value.ToJson();
        var redacted = false;
        if ((pointers.Count > 0 || search is not null) && JsonNode.Parse(bytes) is { } root)
        {
            foreach (var pointer in pointers)
                root = HidePlace(root, pointer, ref redacted);
            root = HideValues(root, ref redacted);
            if (redacted)
                bytes = JsonSerializer.SerializeToUtf8Bytes(root);
        }
        return (Json(bytes), redacted);
    }

    /// <summary>The value as it is.</summary>
    public static JsonElement Json(CelValue value) => Json(value.ToJson());

    public (RunError? Error, bool IsRedacted) Show(StepError? error)
    {
        if (error is null)
            return (null, false);
        var message = Hide(error.Message);
        return (new RunError(error.Code, message, error.Node), !ReferenceEquals(message, error.Message));
    }

    /// <summary>The text as it is shown; the same if there is nothing to hide.</summary>
    public string Hide(string text)
    {
        if (search is null || text.AsSpan().IndexOfAny(search) is var next && next < 0)
            return text;
        var shown = new StringBuilder(text.Length);
        var known = values.GetAlternateLookup<ReadOnlySpan<char>>();
        var rest = text.AsSpan();
        for (; next >= 0; next = rest.IndexOfAny(search))
        {
            shown.Append(rest[..next]).Append(Marker);
            rest = rest[next..];
            // The longest: a value may be the beginning of another.
            foreach (var length in lengths)
                if (length <= rest.Length && known.Contains(rest[..length]))
                {
                    rest = rest[length..];
                    break;
                }
        }
        return shown.Append(rest).ToString();
    }

    private JsonNode HideValues(JsonNode node, ref bool redacted)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, member) in map.ToArray())
                {
                    var shown = Hide(name);
                    if (!ReferenceEquals(shown, name))
                    {
                        // Two names may become one; the first stays.
                        redacted = true;
                        map.Remove(name);
                        map.TryAdd(shown, member);
                    }
                    if (member is not null && HideValues(member, ref redacted) is var hidden && hidden != member)
                        map[shown] = hidden;
                }
                return map;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is { } item && HideValues(item, ref redacted) is var hidden && hidden != item)
                        list[i] = hidden;
                return list;
            case JsonValue scalar when Text(scalar) is { } text && Hide(text) is var shown && !ReferenceEquals(shown, text):
                redacted = true;
                return shown;
            default:
                return node;
        }
    }

    private void Take(CelValue value, IReadOnlyList<string> pointers)
    {
        if (pointers.Count == 0 || JsonNode.Parse(value.ToJson()) is not { } root)
            return;
        foreach (var pointer in pointers)
        {
            JsonNode? place = root;
            foreach (var part in Parts(pointer))
                place = Child(place, part);
            TakeScalars(place);
        }
    }

    private void TakeScalars(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (_, member) in map)
                    TakeScalars(member);
                break;
            case JsonArray list:
                foreach (var item in list)
                    TakeScalars(item);
                break;
            case JsonValue scalar when Text(scalar) is { Length: >= Shortest } text && text != Marker:
                values.Add(text);
                break;
        }
    }

    /// <summary>A text, or a number as it is written; what else there is hides nothing.</summary>
    private static string? Text(JsonValue scalar) => scalar.GetValueKind() switch
    {
        JsonValueKind.String => scalar.GetValue<string>(),
        JsonValueKind.Number => scalar.ToJsonString(),
        _ => null,
    };

    private static JsonNode HidePlace(JsonNode root, string pointer, ref bool redacted)
    {
        if (Parts(pointer) is not [.. var before, var last])
        {
            redacted = true;
            return Marker;
        }
        JsonNode? parent = root;
        foreach (var part in before)
            parent = Child(parent, part);
        switch (parent)
        {
            case JsonObject map when map.ContainsKey(last):
                map[last] = Marker;
                redacted = true;
                break;
            case JsonArray list when Index(last, list) is { } index:
                list[index] = Marker;
                redacted = true;
                break;
        }
        return root;
    }

    private static string[] Parts(string pointer) =>
        [.. pointer.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static JsonNode? Child(JsonNode? node, string part) => node switch
    {
        JsonObject map => map[part],
        JsonArray list when Index(part, list) is { } index => list[index],
        _ => null,
    };

    private static int? Index(string part, JsonArray list) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count ? index : null;

    private static JsonElement Json(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}
