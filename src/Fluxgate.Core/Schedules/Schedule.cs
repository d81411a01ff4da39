using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Schedules;

/// <summary>What becomes of times that went by while nothing could start: the server was down, the workflow paused.</summary>
public enum MissedTimes
{
    /// <summary>One run, of the last of them, stands for all.</summary>
    RunOnce,

    /// <summary>None runs.</summary>
    Skip,

    /// <summary>Each runs, the last <see cref="Schedule.MostAtOnce"/> at most.</summary>
    RunAll,
}

/// <summary>What becomes of a time that comes while the run that the schedule started before is not finished.</summary>
public enum OverlappingTimes
{
    /// <summary>It is skipped.</summary>
    Skip,

    /// <summary>It runs beside it.</summary>
    Allow,
}

/// <summary>The settings of a schedule trigger, read: pure, the clock is the caller's.</summary>
public sealed class Schedule
{
    /// <summary>Times that are made up for, and that <c>trigger.missed</c> counts, at most.</summary>
    public const int MostAtOnce = 100;

    /// <summary>A time that is no further in the past counts as kept; a busy server is not a missed run.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(2);

    private readonly ZonedCron times;
    private readonly MissedTimes missed;

    public Schedule(CronExpression cron, TimeZoneInfo zone, MissedTimes missed, OverlappingTimes overlap)
    {
        times = new ZonedCron(cron, zone);
        this.missed = missed;
        Overlap = overlap;
    }

    public OverlappingTimes Overlap { get; }

    /// <summary>Of the trigger of a workflow that was read, and so is valid.</summary>
    public static Schedule Of(Trigger trigger)
    {
        var zone = Text(trigger, "time_zone") ?? "UTC";
        return new Schedule(
            CronExpression.Parse(Text(trigger, "cron")!).Value,
            ZoneName.TryFind(zone, out var found) ? found : throw new InvalidOperationException($"There is no time zone {zone}."),
            Text(trigger, "missed") is { } missed ? SnakeCase.Parse<MissedTimes>(missed) : MissedTimes.RunOnce,
            Text(trigger, "overlap") is { } overlap ? SnakeCase.Parse<OverlappingTimes>(overlap) : OverlappingTimes.Skip);
    }

    /// <summary>The first time after <paramref name="after"/>, in UTC.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => times.Next(after);

    /// <summary>What is to be done about the times from <paramref name="first"/> to <paramref name="now"/>.</summary>
    public ScheduleTurn Turn(DateTimeOffset first, DateTimeOffset now)
    {
        var due = Latest(first, now);
        if (due.Count == 0)
            return new ScheduleTurn([], null);
        var late = due.TakeWhile(d => now - d > Punctual).ToList();
        return missed switch
        {
            MissedTimes.RunOnce => new ScheduleTurn([new ScheduledTime(due[^1], due.Count - 1)], null),
            MissedTimes.RunAll => new ScheduleTurn([.. due.TakeLast(MostAtOnce).Select(d => new ScheduledTime(d, 0))], due.Count > MostAtOnce ? due[0] : null),
            _ => new ScheduleTurn([.. due.Skip(late.Count).Select(d => new ScheduledTime(d, 0))], late.Count > 0 ? late[^1] : null),
        };
    }

    /// <summary>The last times up to <paramref name="now"/>, one more than are made up for; a year of minutes is not gone through for them.</summary>
    private List<DateTimeOffset> Latest(DateTimeOffset first, DateTimeOffset now)
    {
        var due = new List<DateTimeOffset>();
        for (var reach = TimeSpan.FromHours(2); ; reach *= 2)
        {
            var isWhole = now - first <= reach;
            var from = isWhole ? first : now - reach;
            due.Clear();
            for (var time = Next(from.AddTicks(-1)); time <= now; time = Next(time))
                due.Add(time);
            if (isWhole || due.Count > MostAtOnce)
                return due.Count > MostAtOnce + 1 ? due.GetRange(due.Count - MostAtOnce - 1, MostAtOnce + 1) : due;
        }
    }

    private static string? Text(Trigger trigger, string name) => trigger.Settings.TryGetMember(name, out var value) ? value.AsString : null;
}

/// <summary>A time to start a run for. <paramref name="Missed"/> earlier ones have no run of their own; this one stands for them.</summary>
public sealed record ScheduledTime(DateTimeOffset At, int Missed);

/// <summary><paramref name="SkippedUntil"/>: the last of the times that are left out; null if none is.</summary>
public sealed record ScheduleTurn(IReadOnlyList<ScheduledTime> Times, DateTimeOffset? SkippedUntil);
