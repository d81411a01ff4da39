using System.Globalization;
using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress.Databases;

/// <summary>Values on their way to PostgreSQL and back, both ways as PostgreSQL's own text: the statement says what type they are.</summary>
internal static class DatabaseValues
{
    /// <summary>A parameter's text; null is SQL null. Maps and lists are JSON.</summary>
    public static string? ToText(CelValue value) => value.Kind switch
    {
        CelKind.Null => null,
        CelKind.String => value.AsString,
        CelKind.Bool => value.AsBool ? "true" : "false",
        CelKind.Int => value.AsInt.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => value.AsUint.ToString(CultureInfo.InvariantCulture),
        CelKind.Double => value.AsDouble.ToString("R", CultureInfo.InvariantCulture),
        CelKind.Bytes => "\\x" + Convert.ToHexStringLower(value.AsBytes.Span),
        CelKind.Timestamp => value.AsTimestamp.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        _ => Encoding.UTF8.GetString(value.ToJson()),
    };

    /// <summary>A column's value: whole numbers, floats, bools and JSON as what they are, times with their zone in RFC 3339, all else as text.</summary>
    public static CelValue FromText(string text, string type)
    {
        switch (type)
        {
            case "boolean":
                return CelValue.From(text == "t");
            case "smallint" or "integer" or "bigint" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                return CelValue.From(whole);
            case "real" or "double precision" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real):
                return CelValue.From(real);
            case "json" or "jsonb":
                return Json(text);
            case "timestamp with time zone" when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time):
                return CelValue.From(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
            default:
                return CelValue.From(StorableText.Clean(text));
        }
    }

    private static CelValue Json(string text)
    {
        try
        {
            return CelValue.FromJson(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            // PostgreSQL's json takes members twice and NUL escapes; the text is what there is.
            return CelValue.From(StorableText.Clean(text));
        }
    }
}
