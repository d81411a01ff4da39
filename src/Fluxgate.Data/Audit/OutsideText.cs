using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Data.Audit;

/// <summary>
/// Text that strangers wrote (a failed sign-in's address, a webhook's header) may hold what neither PostgreSQL nor
/// canonical JSON takes: NUL and halves of surrogate pairs. They are written out as <c>\u0000</c>, so that the event
/// is recorded rather than lost.
/// </summary>
internal static class OutsideText
{
    public static string Escape(string text)
    {
        if (IsStorable(text))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                escaped.Append(text[i]).Append(text[++i]);
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                escaped.Append(text[i]);
        }
        return escaped.ToString();
    }

    /// <summary>A copy whose every text, names of members too, is storable.</summary>
    public static JsonNode? Escape(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => EscapeMembers(members),
        JsonArray items => new JsonArray([.. items.Select(Escape)]),
        _ when node.GetValueKind() == JsonValueKind.String && Text(node.AsValue()) is { } text => JsonValue.Create(Escape(text)),
        _ => node.DeepClone(),
    };

    private static JsonNode EscapeMembers(JsonObject members)
    {
        try
        {
            var escaped = new JsonObject();
            foreach (var (name, value) in members)
                escaped[Escape(name)] = Escape(value);
            return escaped;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // A name with half a pair, or one that stands twice: parsed lazily, so it shows only here.
            return JsonValue.Create(Escape(Written(members)));
        }
    }

    private static string Written(JsonObject members)
    {
        try
        {
            return members.ToJsonString();
        }
        catch (InvalidOperationException)
        {
            return "an object with a name that is no text";
        }
    }

    /// <summary>The text of a value that is one in the runtime too; of parsed text that cannot be read, its escaped form.</summary>
    private static string? Text(JsonValue value)
    {
        try
        {
            return value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return value.GetValue<JsonElement>().GetRawText()[1..^1];
        }
    }

    private static bool IsStorable(string text)
    {
        // Most text holds none of these, and is looked through many characters at a time.
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0)
            return !text.Contains('\0', StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (char.IsSurrogate(text[i]) && (!char.IsSurrogatePair(text, i) || ++i == 0))
                return false;
        }
        return true;
    }
}
