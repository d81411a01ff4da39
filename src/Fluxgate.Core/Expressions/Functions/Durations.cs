using System.Buffers;
using System.Globalization;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>Durations: nanoseconds in 64 bits, so about ±292 years.</summary>
internal static class Durations
{
    public const long Second = 1_000_000_000;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Nanoseconds)[] Units =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", Second), ("m", 60 * Second), ("h", 3_600 * Second)];

    /// <summary>Seconds with as many decimals as needed: <c>1.5s</c>.</summary>
    public static string Text(long nanoseconds)
    {
        var size = Int128.Abs(nanoseconds);
        var (seconds, rest) = Int128.DivRem(size, Second);
        var fraction = rest == 0 ? "" : "." + ((long)rest).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{(nanoseconds < 0 ? "-" : "")}{seconds}{fraction}s");
    }

    public static CelValue Create(Int128 nanoseconds) => nanoseconds < long.MinValue || nanoseconds > long.MaxValue
        ? CelValue.Failed(CelFault.Overflow("The duration is outside ±292 years."))
        : CelValue.Duration((long)nanoseconds);

    /// <summary>Reads numbers with units, <c>-1h30m</c>, <c>1.5s</c>, <c>250ms</c>; a lone 0 needs none.</summary>
    public static CelValue Parse(string text)
    {
        var span = text.AsSpan();
        var negative = span.StartsWith("-");
        if (negative || span.StartsWith("+"))
            span = span[1..];
        if (span.SequenceEqual("0"))
            return CelValue.Duration(0);
        Int128 total = 0;
        var read = false;
        while (!span.IsEmpty)
        {
            if (!TakeNumber(ref span, out var number) || !TakeUnit(ref span, out var unit))
                return Unreadable();
            // A decimal has 28 digits: enough for any number of nanoseconds that fits, and it throws on none that does not.
            if (number > long.MaxValue / unit)
                return CelValue.Failed(CelFault.Overflow("The duration is outside ±292 years."));
            total += (Int128)(number * unit);
            read = true;
        }
        return read ? Create(negative ? -total : total) : Unreadable();
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> span, out decimal number)
    {
        var end = span.IndexOfAnyExcept(Digits);
        var digits = end < 0 ? span : span[..end];
        span = span[digits.Length..];
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TakeUnit(ref ReadOnlySpan<char> span, out long nanoseconds)
    {
        var end = span.IndexOfAny(Digits);
        var name = end < 0 ? span : span[..end];
        foreach (var unit in Units)
        {
            if (name.SequenceEqual(unit.Name))
            {
                span = span[name.Length..];
                nanoseconds = unit.Nanoseconds;
                return true;
            }
        }
        nanoseconds = 0;
        return false;
    }

    private static CelValue Unreadable() =>
        Faults.Argument("The string is not a duration such as 1h30m, 1.5s or 250ms.");
}
