using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Core.Cryptography;

/// <summary>
/// The one byte form of a JSON value (RFC 8785, JCS): members by UTF-16 code units, numbers as ECMAScript writes them,
/// no white space. What I-JSON forbids (NaN, infinity, lone surrogates, a member twice) is refused with
/// <see cref="FormatException"/>, since two readers could take it differently. Numbers are IEEE 754 doubles, as the
/// RFC has it: a larger integer that must stay exact goes in as text.
/// </summary>
public static class CanonicalJson
{
    private const int MaxDepth = 128;

    public static byte[] From(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output, value, 0);
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="From(JsonElement)"/>
    public static byte[] From(JsonNode? value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output, value, 0);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement value, int depth)
    {
        RefuseDepth(depth);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new KeyValuePair<string, JsonElement>[value.GetPropertyCount()];
                var next = 0;
                foreach (var member in value.EnumerateObject())
                    members[next++] = KeyValuePair.Create(Text(member, static m => m.Name), member.Value);
                WriteObject(output, members, depth, static (o, v, d) => Write(o, v, d));
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    Separate(output, ref first);
                    Write(output, item, depth + 1);
                }
                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(output, Text(value, static v => v.GetString()!));
                break;
            case JsonValueKind.Number:
                WriteNumber(output, value.GetDouble());
                break;
            case JsonValueKind.True:
            case JsonValueKind.False:
                output.Write(value.ValueKind == JsonValueKind.True ? "true"u8 : "false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new FormatException("There is no value.");
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonNode? value, int depth)
    {
        RefuseDepth(depth);
        switch (value)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonObject members:
                WriteObject(output, members.ToArray(), depth, static (o, v, d) => Write(o, v, d));
                break;
            case JsonArray items:
                output.Write("["u8);
                var first = true;
                foreach (var item in items)
                {
                    Separate(output, ref first);
                    Write(output, item, depth + 1);
                }
                output.Write("]"u8);
                break;
            default:
                WriteScalar(output, value.AsValue(), depth);
                break;
        }
    }

    private static void WriteScalar(ArrayBufferWriter<byte> output, JsonValue value, int depth)
    {
        if (value.TryGetValue<JsonElement>(out var element))
            Write(output, element, depth);
        else if (value.TryGetValue<string>(out var text))
            WriteString(output, text);
        else if (value.TryGetValue<int>(out var integer))
            WriteNumber(output, integer);
        else if (value.TryGetValue<long>(out var whole))
            WriteNumber(output, whole);
        else if (value.TryGetValue<double>(out var number))
            WriteNumber(output, number);
        else if (value.TryGetValue<float>(out var single) && !float.IsFinite(single))
            throw NoNumber();
        else
        {
            // Other types of the runtime (ids, times) write themselves.
            using var document = JsonDocument.Parse(value.ToJsonString());
            Write(output, document.RootElement, depth);
        }
    }

    private static void WriteObject<T>(ArrayBufferWriter<byte> output, KeyValuePair<string, T>[] members, int depth, Action<ArrayBufferWriter<byte>, T, int> writeValue)
    {
        // String.CompareOrdinal compares UTF-16 code units, which is the order of section 3.2.3.
        Array.Sort(members, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        output.Write("{"u8);
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                if (members[i].Key == members[i - 1].Key)
                    throw new FormatException("A member stands twice in one object.");
                output.Write(","u8);
            }
            WriteString(output, members[i].Key);
            output.Write(":"u8);
            writeValue(output, members[i].Value, depth + 1);
        }
        output.Write("}"u8);
    }

    private static void Separate(ArrayBufferWriter<byte> output, ref bool first)
    {
        if (!first)
            output.Write(","u8);
        first = false;
    }

    internal static void WriteString(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        var rest = text.AsSpan();
        // Runs between the few characters that are escaped go out as they are.
        for (var at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            WriteUtf8(output, rest[..at]);
            WriteUtf8(output, Escape(rest[at]));
            rest = rest[(at + 1)..];
        }
        WriteUtf8(output, rest);
        output.Write("\""u8);
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };

    private static void WriteUtf8(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        try
        {
            Strict.GetBytes(text, output);
        }
        catch (EncoderFallbackException)
        {
            throw LoneSurrogate();
        }
    }

    internal static void WriteNumber(ArrayBufferWriter<byte> output, double value)
    {
        // Most numbers; also minus zero, which is written as 0.
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e15)
        {
            ((long)value).TryFormat(output.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
            output.Advance(written);
        }
        else
            WriteUtf8(output, Number(value));
    }

    /// <summary>ECMAScript's Number::toString (ECMA-262, section 6.1.6.1.20) from the shortest digits that read back as the same number; not of zero.</summary>
    private static string Number(double value)
    {
        if (!double.IsFinite(value))
            throw NoNumber();
        // "E16" would round; "R" gives the shortest digits, in one of two forms: 123.45 or 1.2345E+20.
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? mantissa.Length : dot;
        var allDigits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leadingZeros = allDigits.Length - allDigits.TrimStart('0').Length;
        var digits = allDigits.Trim('0');
        // The value is 0.digits × 10^n, as the standard names it.
        var n = whole - leadingZeros + exponent;
        var k = digits.Length;
        var sign = value < 0 ? "-" : "";
        if (k <= n && n <= 21)
            return sign + digits + new string('0', n - k);
        if (n is > 0 and <= 21)
            return $"{sign}{digits[..n]}.{digits[n..]}";
        if (n is > -6 and <= 0)
            return $"{sign}0.{new string('0', -n)}{digits}";
        var power = (n - 1).ToString(CultureInfo.InvariantCulture);
        var signedPower = n > 0 ? "+" + power : power;
        return k == 1 ? $"{sign}{digits}e{signedPower}" : $"{sign}{digits[..1]}.{digits[1..]}e{signedPower}";
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (char)i), '"', '\\']);

    /// <summary>System.Text.Json keeps an escaped lone surrogate as it stands and throws only when the text is asked for.</summary>
    private static string Text<T>(T source, Func<T, string> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException)
        {
            throw LoneSurrogate();
        }
    }

    private static void RefuseDepth(int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"The value nests deeper than {MaxDepth}.");
    }

    private static FormatException NoNumber() => new("A number is infinite or not a number.");

    private static FormatException LoneSurrogate() => new("A text holds half of a surrogate pair.");
}
