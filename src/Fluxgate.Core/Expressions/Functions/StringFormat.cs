using System.Globalization;
using System.Text;
using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>string.format(list): %s %d %f %e %b %o %x %X and %%, with a precision for %f and %e.</summary>
internal static class StringFormat
{
    private const int MaxPrecision = 100;
    private const int DefaultPrecision = 6;

    public static CelValue Format(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.List)
            return Faults.WrongArguments("string.format", a);
        var (text, items) = (a[0].RawString, a[1].RawList);
        if (!frame.Charge(a[0].Weight + a[1].Weight))
            return frame.Exhausted;
        var result = new StringBuilder(text.Length);
        var used = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }
            if (++i < text.Length && text[i] == '%')
            {
                result.Append('%');
                continue;
            }
            if (!TryReadPrecision(text, ref i, out var precision))
                return Faults.Argument("The format's precision is a dot and a number up to 100.");
            if (i >= text.Length)
                return Faults.Argument("The format ends within a clause.");
            if (used == items.Length)
                return Faults.Argument($"The format has more clauses than the {items.Length} values given.");
            if (!frame.Charge(1 + MaxPrecision / 8))
                return frame.Exhausted;
            var clause = Clause(text[i], precision, items[used++]);
            if (clause is null)
                return Faults.Argument($"The format's clause %{text[i]} does not take {CelTypes.NameOf(items[used - 1])}.");
            result.Append(clause);
        }
        return CelValue.From(result.ToString());
    }

    private static bool TryReadPrecision(string text, ref int position, out int? precision)
    {
        precision = null;
        if (position >= text.Length || text[position] != '.')
            return true;
        var from = ++position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        if (position - from is 0 or > 3 || int.Parse(text.AsSpan(from, position - from), CultureInfo.InvariantCulture) is var number && number > MaxPrecision)
            return false;
        precision = number;
        return true;
    }

    private static string? Clause(char verb, int? precision, in CelValue value) => verb switch
    {
        's' => Text(value),
        'd' => value.Kind switch
        {
            CelKind.Int or CelKind.Uint => Conversions.Text(value),
            CelKind.Double when !double.IsFinite(value.RawDouble) => Conversions.Text(value),
            _ => null,
        },
        'f' => Number(value) is { } number ? Digits.Fixed(number, precision ?? DefaultPrecision) : null,
        'e' => Number(value) is { } number ? Digits.Scientific(number, precision ?? DefaultPrecision) : null,
        'b' when value.Kind == CelKind.Bool => value.RawBool ? "1" : "0",
        'b' => Radix(value, "b"),
        'o' => Octal(value),
        'x' or 'X' => value.Kind switch
        {
            CelKind.String => Hex(Encoding.UTF8.GetBytes(value.RawString), verb == 'X'),
            CelKind.Bytes => Hex(value.RawBytes, verb == 'X'),
            _ => Radix(value, verb.ToString()),
        },
        _ => null,
    };

    private static double? Number(in CelValue value) => value.Kind switch
    {
        CelKind.Double => value.RawDouble,
        CelKind.Int => value.RawInt,
        CelKind.Uint => value.RawUint,
        _ => null,
    };

    private static string? Radix(in CelValue value, string format) => value.Kind switch
    {
        CelKind.Uint => value.RawUint.ToString(format, CultureInfo.InvariantCulture),
        CelKind.Int when value.RawInt >= 0 => value.RawInt.ToString(format, CultureInfo.InvariantCulture),
        CelKind.Int => "-" + unchecked((ulong)-value.RawInt).ToString(format, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string? Octal(in CelValue value)
    {
        if (value.Kind is not (CelKind.Int or CelKind.Uint))
            return null;
        var negative = value.Kind == CelKind.Int && value.RawInt < 0;
        var size = negative ? unchecked((ulong)-value.RawInt) : value.RawUint;
        var digits = "";
        do
            digits = (char)('0' + (int)(size & 7)) + digits;
        while ((size >>= 3) != 0);
        return negative ? "-" + digits : digits;
    }

    private static string Hex(byte[] bytes, bool upper) => upper ? Convert.ToHexString(bytes) : Convert.ToHexStringLower(bytes);

    private static string? Text(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.List:
                return Joined("[", value.RawList.Select(item => Text(item)), "]");
            case CelKind.Map:
                return Joined("{", value.RawMap.Entries
                    .Select(entry => Text(entry.Value) is { } text ? $"{Conversions.Text(entry.Key)}: {text}" : null)
                    .Order(StringComparer.Ordinal), "}");
            case CelKind.Optional:
                return null;
            default:
                return Conversions.Text(value);
        }
    }

    private static string? Joined(string open, IEnumerable<string?> parts, string close)
    {
        string?[] all = [.. parts];
        return all.Contains(null) ? null : open + string.Join(", ", all) + close;
    }
}
