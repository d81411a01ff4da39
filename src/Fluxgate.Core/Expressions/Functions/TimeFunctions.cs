using System.Buffers;
using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>timestamp(), duration() and the parts of both. Months, days of the month and of the year count from 0, but getDate from 1.</summary>
internal static class TimeFunctions
{
    private const int MaxTextLength = 100;
    private const int MaxZoneLength = 64;
    private const int CostOfZone = 100;

    private static readonly SearchValues<char> ZoneCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    public static IEnumerable<NamedFunction> All =>
    [
        new("timestamp", 1, 1, ToTimestamp),
        new("duration", 1, 1, ToDuration),
        .. Part("getFullYear", date => date.Year),
        .. Part("getMonth", date => date.Month - 1),
        .. Part("getDate", date => date.Day),
        .. Part("getDayOfMonth", date => date.Day - 1),
        .. Part("getDayOfWeek", date => date.DayOfWeek),
        .. Part("getDayOfYear", date => date.DayOfYear),
        .. Part("getHours", date => date.Hour, 3_600 * Durations.Second),
        .. Part("getMinutes", date => date.Minute, 60 * Durations.Second),
        .. Part("getSeconds", date => date.Second, Durations.Second),
        new(".getMilliseconds", 1, 2, Milliseconds),
    ];

    private static CelValue ToTimestamp(scoped ReadOnlySpan<CelValue> arguments, ref Frame frame) => arguments[0].Kind switch
    {
        CelKind.Timestamp => arguments[0],
        CelKind.Int => Instants.Create(arguments[0].RawInt, 0),
        CelKind.String when arguments[0].RawString.Length <= MaxTextLength => Instants.Parse(arguments[0].RawString),
        CelKind.String => Faults.Argument("The text is too long for a timestamp."),
        _ => Faults.NoConversion("timestamp", arguments[0]),
    };

    private static CelValue ToDuration(scoped ReadOnlySpan<CelValue> arguments, ref Frame frame) => arguments[0].Kind switch
    {
        CelKind.Duration => arguments[0],
        CelKind.String when arguments[0].RawString.Length <= MaxTextLength => Durations.Parse(arguments[0].RawString),
        CelKind.String => Faults.Argument("The text is too long for a duration."),
        _ => Faults.NoConversion("duration", arguments[0]),
    };

    /// <summary>A part of a timestamp, in UTC or the zone of a second argument; of a duration, the whole of it in that unit.</summary>
    private static IEnumerable<NamedFunction> Part(string name, Func<Civil, int> part, long unit = 0)
    {
        yield return new("." + name, 1, 2, (scoped ReadOnlySpan<CelValue> arguments, ref Frame frame) =>
        {
            if (arguments[0].Kind == CelKind.Duration && unit != 0 && arguments.Length == 1)
                return CelValue.From(arguments[0].RawDurationNanoseconds / unit);
            var local = Local(name, arguments, ref frame, out var fault);
            return local is { } date ? CelValue.From((long)part(date)) : fault;
        });
    }

    private static CelValue Milliseconds(scoped ReadOnlySpan<CelValue> arguments, ref Frame frame)
    {
        if (arguments[0].Kind == CelKind.Duration && arguments.Length == 1)
            return CelValue.From(arguments[0].RawDurationNanoseconds % Durations.Second / 1_000_000);
        return Local("getMilliseconds", arguments, ref frame, out var fault) is null ? fault : CelValue.From((long)arguments[0].RawNanoseconds / 1_000_000);
    }

    private static Civil? Local(string name, scoped ReadOnlySpan<CelValue> arguments, ref Frame frame, out CelValue fault)
    {
        fault = default;
        if (arguments[0].Kind != CelKind.Timestamp || (arguments.Length == 2 && arguments[1].Kind != CelKind.String))
        {
            fault = Faults.WrongArguments(name, arguments);
            return null;
        }
        var seconds = arguments[0].RawSeconds;
        if (arguments.Length == 1)
            return Civil.Of(seconds);
        if (!frame.Charge(CostOfZone))
            fault = frame.Exhausted;
        else if (Offset(arguments[1].RawString, arguments[0]) is { } offset)
            return Civil.Of(seconds + offset);
        else
            fault = Faults.Argument("The string is not a time zone such as Europe/Berlin or +02:00.");
        return null;
    }

    private static int? Offset(string zone, in CelValue timestamp)
    {
        if (Instants.TryReadOffset(zone, out var seconds))
            return seconds;

        // The name becomes a path below the zone database: without dots it cannot leave it.
        if (zone.Length is 0 or > MaxZoneLength || !char.IsAsciiLetter(zone[0]) || zone.AsSpan().ContainsAnyExcept(ZoneCharacters) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return null;
        return (int)found.GetUtcOffset(timestamp.AsTimestamp.UtcDateTime).TotalSeconds;
    }
}
