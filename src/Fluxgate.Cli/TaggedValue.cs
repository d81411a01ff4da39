using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Cli;

/// <summary>
/// CEL values as JSON that keeps their types: <c>{"int":"7"}</c>, <c>{"uint":"7"}</c>, <c>{"double":"1.5"}</c>,
/// <c>{"string":"a"}</c>, <c>{"bytes":"hex"}</c>, <c>{"bool":true}</c>, <c>{"null":null}</c>, <c>{"list":[…]}</c>,
/// <c>{"map":[[key,value],…]}</c>, <c>{"timestamp":[seconds,nanoseconds]}</c>, <c>{"duration":[seconds,nanoseconds]}</c>,
/// <c>{"type":"int"}</c>, <c>{"optional":value}</c> or <c>{"optional":null}</c>.
/// </summary>
internal static class TaggedValue
{
    private const long Billion = 1_000_000_000;

    /// <exception cref="JsonException">An unknown tag, or content that does not fit it.</exception>
    public static CelValue Read(JsonElement tagged)
    {
        if (tagged.ValueKind != JsonValueKind.Object || tagged.EnumerateObject().Take(2).ToArray() is not [var only])
            throw new JsonException("A tagged value is an object of one member.");
        try
        {
            return Read(only.Name, only.Value);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new JsonException($"The content of '{only.Name}' does not fit.", wrong);
        }
    }

    public static JsonNode Write(CelValue value) => value.Kind switch
    {
        CelKind.Null => new JsonObject { ["null"] = null },
        CelKind.Bool => new JsonObject { ["bool"] = value.AsBool },
        CelKind.Int => new JsonObject { ["int"] = value.AsInt.ToString(CultureInfo.InvariantCulture) },
        CelKind.Uint => new JsonObject { ["uint"] = value.AsUint.ToString(CultureInfo.InvariantCulture) },
        CelKind.Double => new JsonObject { ["double"] = value.AsDouble.ToString("R", CultureInfo.InvariantCulture) },
        CelKind.String => new JsonObject { ["string"] = value.AsString },
        CelKind.Bytes => new JsonObject { ["bytes"] = Convert.ToHexStringLower(value.AsBytes.Span) },
        CelKind.List => new JsonObject { ["list"] = new JsonArray([.. value.AsList.Select(Write)]) },
        CelKind.Map => new JsonObject { ["map"] = new JsonArray([.. value.AsMap.Select(entry => new JsonArray(Write(entry.Key), Write(entry.Value)))]) },
        CelKind.Timestamp => new JsonObject { ["timestamp"] = Pair(value.TimestampParts) },
        CelKind.Duration => new JsonObject { ["duration"] = Pair((value.DurationNanoseconds / Billion, (int)(value.DurationNanoseconds % Billion))) },
        CelKind.Type => new JsonObject { ["type"] = value.AsTypeName },
        _ => new JsonObject { ["optional"] = value.TryGetOptional(out var held) ? Write(held) : null },
    };

    private static CelValue Read(string tag, JsonElement content) => tag switch
    {
        "null" => CelValue.Null,
        "bool" => CelValue.From(content.GetBoolean()),
        "int" => CelValue.From(long.Parse(Text(content), CultureInfo.InvariantCulture)),
        "uint" => CelValue.From(ulong.Parse(Text(content), CultureInfo.InvariantCulture)),
        "double" => CelValue.From(Double(Text(content))),
        "string" => CelValue.From(content.GetString() ?? throw new FormatException()),
        "bytes" => CelValue.From(Convert.FromHexString(content.GetString()!)),
        "list" => CelValue.List([.. content.EnumerateArray().Select(Read)]),
        "map" => CelValue.Map(content.EnumerateArray().Select(pair => KeyValuePair.Create(Read(pair[0]), Read(pair[1])))),
        "timestamp" => CelValue.FromUnixTime(content[0].GetInt64(), content[1].GetInt32()),
        "duration" => CelValue.FromNanoseconds(checked(content[0].GetInt64() * Billion + content[1].GetInt32())),
        "type" => CelValue.FromTypeName(content.GetString()!),
        "optional" => content.ValueKind == JsonValueKind.Null ? CelValue.NoValue : CelValue.Some(Read(content)),
        _ => throw new JsonException($"There is no tag '{tag}'."),
    };

    private static string Text(JsonElement content) => content.ValueKind == JsonValueKind.Number ? content.GetRawText() : content.GetString() ?? throw new FormatException();

    private static double Double(string text) => text.TrimStart('+').ToLowerInvariant() switch
    {
        "inf" or "infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static JsonArray Pair((long Seconds, int Nanoseconds) time) => [time.Seconds, time.Nanoseconds];
}
