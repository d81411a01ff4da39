using System.Globalization;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>Timestamps of the proleptic Gregorian calendar, years 1 to 9999, to the nanosecond (RFC 3339).</summary>
internal static class Instants
{
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    public static string Text(in CelValue timestamp)
    {
        var date = Civil.Of(timestamp.RawSeconds);
        var nanoseconds = timestamp.RawNanoseconds;
        var fraction = nanoseconds == 0 ? "" : "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{date.Year:D4}-{date.Month:D2}-{date.Day:D2}T{date.Hour:D2}:{date.Minute:D2}:{date.Second:D2}{fraction}Z");
    }

    /// <summary>A timestamp, or a fault if it is outside the years 1 to 9999.</summary>
    public static CelValue Create(Int128 nanosecondsSince1970)
    {
        var (seconds, rest) = Int128.DivRem(nanosecondsSince1970, Durations.Second);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + Durations.Second);
        return Create(seconds < MinSeconds ? MinSeconds - 1 : seconds > MaxSeconds ? MaxSeconds + 1 : (long)seconds, (int)rest);
    }

    public static CelValue Create(long seconds, int nanoseconds) => seconds is < MinSeconds or > MaxSeconds
        ? CelValue.Failed(CelFault.Overflow("The timestamp is outside the years 1 to 9999."))
        : CelValue.Timestamp(seconds, nanoseconds);

    public static Int128 Nanoseconds(in CelValue timestamp) => (Int128)timestamp.RawSeconds * Durations.Second + timestamp.RawNanoseconds;

    /// <summary>Reads RFC 3339, section 5.6; a fraction has one to nine digits.</summary>
    public static CelValue Parse(string text)
    {
        var span = text.AsSpan();
        if (!(Take(ref span, 4, '-', out var year) && Take(ref span, 2, '-', out var month) && Take(ref span, 2, 'T', out var day)
            && Take(ref span, 2, ':', out var hour) && Take(ref span, 2, ':', out var minute) && TakeDigits(ref span, 2, out var second)))
            return Unreadable();
        var nanoseconds = 0;
        if (span.StartsWith("."))
        {
            var end = span[1..].IndexOfAnyExceptInRange('0', '9');
            if (end is < 1 or > 9)
                return Unreadable();
            nanoseconds = int.Parse(span.Slice(1, end), NumberStyles.None, CultureInfo.InvariantCulture);
            for (var digit = end; digit < 9; digit++)
                nanoseconds *= 10;
            span = span[(end + 1)..];
        }
        var offset = 0;
        if (!span.SequenceEqual("Z") && (span.Length != 6 || span[0] is not ('+' or '-') || !TryReadOffset(span, out offset)))
            return Unreadable();
        if (year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return Unreadable();
        var days = Civil.DaysSince1970(year, month, day);
        return Create((((days * 24) + hour) * 60 + minute) * 60 + second - offset, nanoseconds);
    }

    /// <summary>Seconds of an offset written <c>+11:00</c>, <c>-09:30</c> or <c>02:00</c>.</summary>
    public static bool TryReadOffset(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
            text = text[1..];
        if (!(Take(ref text, 2, ':', out var hours) && TakeDigits(ref text, 2, out var minutes) && text.IsEmpty && hours <= 23 && minutes <= 59))
            return false;
        seconds = ((hours * 60) + minutes) * (negative ? -60 : 60);
        return true;
    }

    private static bool Take(ref ReadOnlySpan<char> span, int digits, char then, out int number)
    {
        if (!TakeDigits(ref span, digits, out number) || span.IsEmpty || span[0] != then)
            return false;
        span = span[1..];
        return true;
    }

    private static bool TakeDigits(ref ReadOnlySpan<char> span, int digits, out int number)
    {
        number = 0;
        if (span.Length < digits || !int.TryParse(span[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return false;
        span = span[digits..];
        return true;
    }

    private static CelValue Unreadable() =>
        Faults.Argument("The string is not a timestamp such as 2026-01-31T09:30:00Z (RFC 3339).");
}
