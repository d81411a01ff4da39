using System.Globalization;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Schedules;

/// <summary>What one of the five fields may hold.</summary>
internal sealed record CronFieldType(string Name, int Min, int Max, IReadOnlyList<string> Names)
{
    public static readonly CronFieldType Minute = new("minute", 0, 59, []);

    public static readonly CronFieldType Hour = new("hour", 0, 23, []);

    public static readonly CronFieldType DayOfMonth = new("day of month", 1, 31, []);

    public static readonly CronFieldType Month = new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);

    /// <summary>0 and 7 are both Sunday; a field that was read has 0 alone.</summary>
    public static readonly CronFieldType DayOfWeek = new("day of week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);
}

/// <summary>
/// One field as it was written: its values as bits, whether it begins with <c>*</c> (and so restricts no days, as in
/// Vixie's cron), and whether it has a step.
/// </summary>
internal readonly record struct CronField(ulong Values, bool BeginsWithStar, bool HasStep)
{
    public bool Has(int value) => (Values >> value & 1) != 0;

    /// <summary>A list of <c>*</c>, <c>a</c>, <c>a-b</c>, <c>*/n</c> and <c>a-b/n</c>.</summary>
    public static Result<CronField> Parse(string text, CronFieldType type)
    {
        var values = 0UL;
        foreach (var part in text.Split(','))
        {
            var slash = part.IndexOf('/', StringComparison.Ordinal);
            var range = slash < 0 ? part : part[..slash];
            var step = slash < 0 ? 1 : Number(part[(slash + 1)..]);
            if (Bounds(range, type, slash >= 0) is not var (from, to) || step is null or 0 || step > type.Max)
                return Wrong(text, type);
            for (var value = from; value <= to; value += step.Value)
                values |= 1UL << (type == CronFieldType.DayOfWeek ? value % 7 : value);
        }
        return new CronField(values, text.StartsWith('*'), text.Contains('/', StringComparison.Ordinal));
    }

    private static (int From, int To)? Bounds(string range, CronFieldType type, bool hasStep)
    {
        if (range == "*")
            return (type.Min, type == CronFieldType.DayOfWeek ? 6 : type.Max);
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        // A step from a single value would mean different things to different crons.
        if (dash < 0)
            return !hasStep && Value(range, type) is { } single ? (single, single) : null;
        if (Value(range[..dash], type) is not { } from || Value(range[(dash + 1)..], type) is not { } to)
            return null;
        // FRI-SUN ends with the week's last day, not its first.
        if (type == CronFieldType.DayOfWeek && to == 0 && from > 0)
            to = 7;
        return from <= to ? (from, to) : null;
    }

    private static int? Value(string text, CronFieldType type)
    {
        for (var i = 0; i < type.Names.Count; i++)
            if (type.Names[i].Equals(text, StringComparison.OrdinalIgnoreCase))
                return i + type.Min;
        return Number(text) is { } number && number >= type.Min && number <= type.Max ? number : null;
    }

    private static int? Number(string text) =>
        text.Length is 1 or 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Error Wrong(string text, CronFieldType type)
    {
        var max = type == CronFieldType.DayOfWeek ? "7 (0 and 7 are Sunday)" : type.Max.ToString(CultureInfo.InvariantCulture);
        var names = type.Names.Count == 0 ? "" : $" or {type.Names[0]}…{type.Names[^1]}";
        return Error.Invalid("schedule.cron", $"'{text}' is no {type.Name}: {type.Min} to {max}{names}, as a list of values, ranges a-b, and steps */n or a-b/n.");
    }
}
