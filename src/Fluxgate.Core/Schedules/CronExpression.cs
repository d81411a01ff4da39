using System.Numerics;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Schedules;

/// <summary>
/// Five fields of cron: minute, hour, day of month, month, day of week. If neither kind of day begins with <c>*</c>,
/// either of them is enough (Vixie's rule); else both must hold. One that is read has a time that comes.
/// </summary>
public sealed class CronExpression
{
    /// <summary>Longer than the rarest date takes, the 29th of February on a given day of the week across a year like 2100: 40 years.</summary>
    private const int LongestWaitDays = 15_000;

    private const ulong EveryHour = (1UL << 24) - 1;

    private static readonly CronFieldType[] Types = [CronFieldType.Minute, CronFieldType.Hour, CronFieldType.DayOfMonth, CronFieldType.Month, CronFieldType.DayOfWeek];

    private readonly CronField minutes;
    private readonly CronField hours;
    private readonly CronField daysOfMonth;
    private readonly CronField months;
    private readonly CronField daysOfWeek;

    private CronExpression(CronField[] fields) =>
        (minutes, hours, daysOfMonth, months, daysOfWeek) = (fields[0], fields[1], fields[2], fields[3], fields[4]);

    /// <summary>Refused with <c>schedule.cron</c>, or <c>schedule.never</c> if it has no time that comes.</summary>
    public static Result<CronExpression> Parse(string text)
    {
        var parts = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Types.Length)
            return Error.Invalid("schedule.cron", $"A schedule has five fields (minute, hour, day of month, month, day of week); this has {parts.Length}.");
        var fields = new CronField[Types.Length];
        for (var i = 0; i < Types.Length; i++)
        {
            var field = CronField.Parse(parts[i], Types[i]);
            if (field.Error is { } wrong)
                return wrong;
            fields[i] = field.Value;
        }
        var cron = new CronExpression(fields);
        // Whatever comes at all comes within that long from anywhere.
        return cron.NextLocal(new DateTime(2000, 1, 1)) is null
            ? Error.Invalid("schedule.never", "This time never comes: no such month has such a day.")
            : cron;
    }

    /// <summary>
    /// The hours repeat (<c>*</c> or a step), so what the clock shows counts each time it shows it: an hour that comes
    /// twice counts twice, one that is left out does not count. Named hours count once each day that has or misses them.
    /// </summary>
    internal bool Repeats => hours.BeginsWithStar || hours.HasStep || hours.Values == EveryHour;

    /// <summary>The first time on the calendar at or after <paramref name="from"/>, whatever the time zone makes of it; null past the calendar's end.</summary>
    internal DateTime? NextLocal(DateTime from)
    {
        var day = from.Date;
        var minuteOfDay = (int)((from.TimeOfDay.Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute);
        for (var n = 0; n < LongestWaitDays && day < DateTime.MaxValue.Date; n++, day = day.AddDays(1), minuteOfDay = 0)
            if (IsDay(day) && FirstMinute(minuteOfDay) is { } minute)
                return day.AddMinutes(minute);
        return null;
    }

    private bool IsDay(DateTime day)
    {
        if (!months.Has(day.Month))
            return false;
        var (ofMonth, ofWeek) = (daysOfMonth.Has(day.Day), daysOfWeek.Has((int)day.DayOfWeek));
        return daysOfMonth.BeginsWithStar || daysOfWeek.BeginsWithStar ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private int? FirstMinute(int from)
    {
        for (var hour = from / 60; hour < 24; hour++)
        {
            var open = minutes.Values >> (hour == from / 60 ? from % 60 : 0) << (hour == from / 60 ? from % 60 : 0);
            if (hours.Has(hour) && open != 0)
                return hour * 60 + BitOperations.TrailingZeroCount(open);
        }
        return null;
    }
}
