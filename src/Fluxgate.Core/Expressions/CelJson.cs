using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fluxgate.Core.Expressions.Functions;

namespace Fluxgate.Core.Expressions;

/// <summary>JSON to values and back.</summary>
internal static class CelJson
{
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = MaxDepth };

    public static CelValue Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Strict);
        if (!reader.Read())
            throw new JsonException("There is no JSON.");
        var value = ReadValue(ref reader);
        return reader.Read() ? throw new JsonException("There is text after the value.") : value;
    }

    public static CelValue Read(JsonElement element, int levels)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True:
            case JsonValueKind.False:
                return CelValue.From(element.ValueKind == JsonValueKind.True);
            case JsonValueKind.Number:
                return Number(Encoding.UTF8.GetBytes(element.GetRawText()));
            case JsonValueKind.String:
                return CelValue.From(Text(element));
            case JsonValueKind.Array:
                Enter(levels);
                var items = new List<CelValue>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                    items.Add(Read(item, levels - 1));
                return CelValue.OwnedList([.. items]);
            case JsonValueKind.Object:
                Enter(levels);
                var members = new List<KeyValuePair<CelValue, CelValue>>();
                foreach (var member in element.EnumerateObject())
                    members.Add(new(CelValue.From(Name(member)), Read(member.Value, levels - 1)));
                return Map(members);
            default:
                return CelValue.Null;
        }
    }

    /// <summary>JSON to stand within other text, with letters of every language as they are.</summary>
    public static string Text(in CelValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter writer, in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Bool:
                writer.WriteBooleanValue(value.RawBool);
                break;
            case CelKind.Int:
                writer.WriteNumberValue(value.RawInt);
                break;
            case CelKind.Uint:
                writer.WriteNumberValue(value.RawUint);
                break;
            case CelKind.Double:
                WriteDouble(writer, value.RawDouble);
                break;
            case CelKind.Bytes:
                writer.WriteBase64StringValue(value.RawBytes);
                break;
            case CelKind.List:
                writer.WriteStartArray();
                foreach (ref readonly var item in value.RawList.AsSpan())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case CelKind.Map:
                WriteMap(writer, value.RawMap);
                break;
            case CelKind.Optional when value.RawHasValue:
                Write(writer, value.RawOptional);
                break;
            case CelKind.Null or CelKind.Optional:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(Conversions.Text(value));
                break;
        }
    }

    private static CelValue ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True:
            case JsonTokenType.False:
                return CelValue.From(reader.TokenType == JsonTokenType.True);
            case JsonTokenType.Number:
                return Number(reader.ValueSpan);
            case JsonTokenType.String:
                return CelValue.From(Text(ref reader));
            case JsonTokenType.StartArray:
                var items = new List<CelValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadValue(ref reader));
                return CelValue.OwnedList([.. items]);
            case JsonTokenType.StartObject:
                var members = new List<KeyValuePair<CelValue, CelValue>>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = CelValue.From(Text(ref reader));
                    reader.Read();
                    members.Add(new(name, ReadValue(ref reader)));
                }
                return Map(members);
            default:
                return CelValue.Null;
        }
    }

    private static CelValue Map(List<KeyValuePair<CelValue, CelValue>> members) =>
        CelMap.TryCreate([.. members], out var fault) is { } map ? CelValue.FromMap(map) : throw new JsonException(fault);

    private static CelValue Number(ReadOnlySpan<byte> digits)
    {
        if (digits.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return CelValue.From(whole);
        var number = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? CelValue.From(number) : throw new JsonException("A number is too large for a double.");
    }

    private static void Enter(int levels)
    {
        if (levels == 0)
            throw new JsonException($"The JSON has more than {MaxDepth} levels.");
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return WithoutNul(reader.GetString()!);
        }
        catch (InvalidOperationException malformed)
        {
            // Utf8JsonReader finds bad UTF-8 and half surrogate pairs only when the text is taken out.
            throw new JsonException("A text is not well-formed Unicode.", malformed);
        }
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return WithoutNul(element.GetString()!);
        }
        catch (InvalidOperationException malformed)
        {
            throw new JsonException("A text is not well-formed Unicode.", malformed);
        }
    }

    private static string Name(JsonProperty member)
    {
        try
        {
            return WithoutNul(member.Name);
        }
        catch (InvalidOperationException malformed)
        {
            throw new JsonException("A member's name is not well-formed Unicode.", malformed);
        }
    }

    // PostgreSQL cannot hold U+0000 in text, so it is stopped at the door and not in some later insert.
    private static string WithoutNul(string text) => text.Contains('\0') ? throw new JsonException("A text holds NUL (U+0000).") : text;

    private static void WriteDouble(Utf8JsonWriter writer, double number)
    {
        if (!double.IsFinite(number))
        {
            writer.WriteStringValue(Conversions.Text(number));
            return;
        }
        Span<byte> digits = stackalloc byte[40];
        number.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture);
        if (digits[..length].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(digits[length..]);
            length += 2;
        }
        writer.WriteRawValue(digits[..length], skipInputValidation: true);
    }

    private static void WriteMap(Utf8JsonWriter writer, CelMap map)
    {
        HashSet<string>? written = null;
        if (map.Entries.Any(entry => entry.Key.Kind != CelKind.String))
            written = new(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (ref readonly var entry in map.Entries.AsSpan())
        {
            var name = Conversions.Text(entry.Key);
            if (written?.Add(name) == false)
                continue;
            writer.WritePropertyName(name);
            Write(writer, entry.Value);
        }
        writer.WriteEndObject();
    }
}
