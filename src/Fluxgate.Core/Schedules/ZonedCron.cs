namespace Fluxgate.Core.Schedules;

/// <summary>
/// A cron expression on the clocks of a time zone. A named hour that a day leaves out counts right after the gap; one
/// that comes twice counts the first time. Only the way from UTC to local time is asked of the zone, which has one answer.
/// </summary>
internal sealed record ZonedCron(CronExpression Cron, TimeZoneInfo Zone)
{
    /// <summary>How far back a change of the clocks can still repeat local times; no zone has turned back by more than a day.</summary>
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromDays(2);

    private static readonly TimeSpan Stride = TimeSpan.FromDays(1);

    /// <summary>The first instant after <paramref name="after"/>, in UTC. The calendar ends in 9999.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var at = after.UtcDateTime.AddTicks(1);
        var offset = Offset(after.UtcDateTime);
        var repeatedUntil = RepeatedUntil(after.UtcDateTime, offset);
        while (true)
        {
            var from = at + offset;
            var local = Cron.NextLocal(from < repeatedUntil ? repeatedUntil : from) ?? throw new ArgumentOutOfRangeException(nameof(after), "The calendar ends before the schedule's next time.");
            var instant = local - offset;
            if (FirstChange(at, instant, offset) is not { } change)
                return new DateTimeOffset(instant, TimeSpan.Zero);
            var changed = Offset(change);
            // Between change + offset and change + changed the clocks show nothing.
            if (!Cron.Repeats && local < change + changed)
                return new DateTimeOffset(change, TimeSpan.Zero);
            if (!Cron.Repeats && changed < offset)
                repeatedUntil = change + offset;
            (at, offset) = (change, changed);
        }
    }

    /// <summary>Until then local times are ones that have been before, if the clocks were turned back a while ago.</summary>
    private DateTime RepeatedUntil(DateTime utc, TimeSpan offset)
    {
        if (Cron.Repeats || utc - DateTime.MinValue < 2 * LongestRepeat)
            return DateTime.MinValue;
        var before = Offset(utc - LongestRepeat);
        return before > offset && FirstChange(utc - LongestRepeat, utc, before) is { } change ? change + before : DateTime.MinValue;
    }

    /// <summary>The first instant from <paramref name="from"/> to <paramref name="to"/> that is not at <paramref name="offset"/>.</summary>
    private DateTime? FirstChange(DateTime from, DateTime to, TimeSpan offset)
    {
        var same = from;
        if (Offset(from) != offset)
            return from;
        while (same < to)
        {
            var probe = to - same > Stride ? same + Stride : to;
            if (Offset(probe) != offset)
                return Between(same, probe, offset);
            same = probe;
        }
        return null;
    }

    private DateTime Between(DateTime same, DateTime changed, TimeSpan offset)
    {
        while (changed - same > TimeSpan.FromTicks(1))
        {
            var middle = same + (changed - same) / 2;
            if (Offset(middle) == offset)
                same = middle;
            else
                changed = middle;
        }
        return changed;
    }

    private TimeSpan Offset(DateTime utc) => Zone.GetUtcOffset(new DateTime(utc.Ticks, DateTimeKind.Utc));
}
