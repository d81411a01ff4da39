using System.Globalization;
using System.Text;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>Between types, by explicit call only: int(), uint(), double(), string(), bytes(), bool().</summary>
internal static class Conversions
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>A scalar as text, a list, map or optional as JSON.</summary>
    public static string Text(in CelValue value) => value.Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => value.RawBool ? "true" : "false",
        CelKind.Int => value.RawInt.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => value.RawUint.ToString(CultureInfo.InvariantCulture),
        CelKind.Double => Text(value.RawDouble),
        CelKind.String => value.RawString,
        CelKind.Bytes => Encoding.UTF8.GetString(value.RawBytes),
        CelKind.Timestamp => Instants.Text(value),
        CelKind.Duration => Durations.Text(value.RawDurationNanoseconds),
        CelKind.Type => value.AsTypeName,
        _ => CelJson.Text(value),
    };

    /// <summary>The shortest decimal that reads back as the same double; an exponent from 1e21 up and below 1e-6.</summary>
    public static string Text(double number)
    {
        if (double.IsNaN(number))
            return "NaN";
        if (double.IsInfinity(number))
            return number > 0 ? "Infinity" : "-Infinity";
        var size = Math.Abs(number);
        if (size is 0 or >= 1e-6 and < 1e21)
        {
            var plain = number.ToString("R", CultureInfo.InvariantCulture);
            return plain.Contains('E', StringComparison.Ordinal) ? Expand(plain) : plain;
        }
        return number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    public static CelValue ToInt(in CelValue value) => value.Kind switch
    {
        CelKind.Int => value,
        CelKind.Uint when value.RawUint <= long.MaxValue => CelValue.From(value.RawInt),
        CelKind.Double when value.RawDouble is > -9223372036854775808.0 and < 9223372036854775808.0 => CelValue.From((long)value.RawDouble),
        CelKind.String => long.TryParse(value.RawString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? CelValue.From(number) : Unreadable("an int"),
        CelKind.Timestamp => CelValue.From(value.RawSeconds),
        CelKind.Uint or CelKind.Double => OutOfRange(value, "int"),
        _ => Faults.NoConversion("int", value),
    };

    public static CelValue ToUint(in CelValue value) => value.Kind switch
    {
        CelKind.Uint => value,
        CelKind.Int when value.RawInt >= 0 => CelValue.From((ulong)value.RawInt),
        CelKind.Double when value.RawDouble is > -1.0 and < 18446744073709551616.0 and not (< 0.0) => CelValue.From((ulong)value.RawDouble),
        CelKind.String => ulong.TryParse(value.RawString, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? CelValue.From(number) : Unreadable("a uint"),
        CelKind.Int or CelKind.Double => OutOfRange(value, "uint"),
        _ => Faults.NoConversion("uint", value),
    };

    public static CelValue ToDouble(in CelValue value) => value.Kind switch
    {
        CelKind.Double => value,
        CelKind.Int => CelValue.From((double)value.RawInt),
        CelKind.Uint => CelValue.From((double)value.RawUint),
        CelKind.String => ReadDouble(value.RawString) is { } number ? CelValue.From(number) : Unreadable("a double"),
        _ => Faults.NoConversion("double", value),
    };

    public static CelValue ToBool(in CelValue value) => value.Kind switch
    {
        CelKind.Bool => value,
        CelKind.String => value.RawString switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => CelValue.True,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => CelValue.False,
            _ => Unreadable("a bool"),
        },
        _ => Faults.NoConversion("bool", value),
    };

    public static CelValue ToText(in CelValue value) => value.Kind switch
    {
        CelKind.String => value,
        CelKind.Bytes => ReadUtf8(value.RawBytes),
        CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Timestamp or CelKind.Duration => CelValue.From(Text(value)),
        _ => Faults.NoConversion("string", value),
    };

    public static CelValue ToBytes(in CelValue value) => value.Kind switch
    {
        CelKind.Bytes => value,
        CelKind.String => CelValue.OwnedBytes(Encoding.UTF8.GetBytes(value.RawString)),
        _ => Faults.NoConversion("bytes", value),
    };

    private static double? ReadDouble(string text) => text.TrimStart('+', '-').ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "infinity" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        _ => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static CelValue ReadUtf8(byte[] bytes)
    {
        try
        {
            return CelValue.From(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return CelValue.Failed(CelFault.Argument("The bytes are not UTF-8."));
        }
    }

    // "1.5E+20" to "150000000000000000000": .NET changes to an exponent earlier than people do.
    private static string Expand(string scientific)
    {
        var split = scientific.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = scientific[0] == '-' ? "-" : "";
        var digits = scientific[sign.Length..split].Replace(".", "", StringComparison.Ordinal);
        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}" : sign + digits.PadRight(exponent + 1, '0');
    }

    private static CelValue OutOfRange(in CelValue value, string type) =>
        CelValue.Failed(CelFault.Overflow($"The {CelTypes.NameOf(value)} is out of the range of {type}."));

    private static CelValue Unreadable(string type) =>
        CelValue.Failed(CelFault.Argument($"The string cannot be read as {type}."));
}
