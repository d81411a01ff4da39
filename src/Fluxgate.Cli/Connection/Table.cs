using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Cli.Connection;

/// <summary>Output for people: aligned columns, times in UTC. Text from the server cannot steer the terminal.</summary>
internal static class Table
{
    // It goes to a terminal or a program, never into a web page.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var clean = rows.Select(r => r.Select(OneLine).ToArray()).ToArray();
        var widths = header.Select((name, i) => clean.Select(r => r[i].Length).Append(name.Length).Max()).ToArray();
        foreach (var row in clean.Prepend([.. header]))
            Console.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    public static void PrintJson(JsonNode? value) => Console.WriteLine(value is null ? "null" : value.ToJsonString(Readable));

    /// <summary>A member as a cell: text as it is, other values as JSON, nothing as "-".</summary>
    public static string Cell(JsonNode? parent, string member) => parent?[member] switch
    {
        null => "-",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    /// <summary>A time member to the second.</summary>
    public static string Time(JsonNode? parent, string member) =>
        parent?[member] is JsonValue value && value.TryGetValue<DateTimeOffset>(out var time)
            ? time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : "-";

    /// <summary>Control characters and characters that change the direction of text become spaces.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            line.Append(char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : c);
        return line.ToString();
    }
}
