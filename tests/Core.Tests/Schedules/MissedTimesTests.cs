using Fluxgate.Core.Schedules;

namespace Fluxgate.Core.Tests.Schedules;

public sealed class MissedTimesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static ScheduleTurn Turn(MissedTimes missed, DateTimeOffset first, DateTimeOffset now, string cron = "0 * * * *") =>
        new Schedule(CronExpression.Parse(cron).Value, TimeZoneInfo.Utc, missed, OverlappingTimes.Allow).Turn(first, now);

    [Theory]
    [InlineData(MissedTimes.RunOnce)]
    [InlineData(MissedTimes.Skip)]
    [InlineData(MissedTimes.RunAll)]
    public void FX15_A_time_that_has_just_come_runs_whatever_the_policy(MissedTimes missed)
    {
        var turn = Turn(missed, Noon, Noon.AddSeconds(90));
        Assert.Equal([new ScheduledTime(Noon, 0)], turn.Times);
        Assert.Null(turn.SkippedUntil);
    }

    [Fact]
    public void FX15_A_time_that_went_by_runs_as_the_policy_says()
    {
        var (first, now) = (Noon.AddHours(-3), Noon.AddMinutes(30));
        Assert.Equal([new ScheduledTime(Noon, 3)], Turn(MissedTimes.RunOnce, first, now).Times);
        Assert.Equal([Noon.AddHours(-3), Noon.AddHours(-2), Noon.AddHours(-1), Noon], Turn(MissedTimes.RunAll, first, now).Times.Select(t => t.At));
        var skip = Turn(MissedTimes.Skip, first, now);
        Assert.Empty(skip.Times);
        Assert.Equal(Noon, skip.SkippedUntil);
        // Back just in time for noon: the three before are missed, noon is not.
        var punctual = Turn(MissedTimes.Skip, first, Noon.AddSeconds(10));
        Assert.Equal([new ScheduledTime(Noon, 0)], punctual.Times);
        Assert.Equal(Noon.AddHours(-1), punctual.SkippedUntil);
    }

    [Fact]
    public void FX15_A_year_of_minutes_is_made_up_for_by_the_last_hundred()
    {
        var turn = Turn(MissedTimes.RunAll, Noon.AddYears(-1), Noon, "* * * * *");
        Assert.Equal(Enumerable.Range(-99, 100).Select(m => Noon.AddMinutes(m)), turn.Times.Select(t => t.At));
        Assert.Equal(Noon.AddMinutes(-100), turn.SkippedUntil);
        Assert.Equal([new ScheduledTime(Noon, 100)], Turn(MissedTimes.RunOnce, Noon.AddYears(-1), Noon, "* * * * *").Times);
    }

    [Fact]
    public void FX15_A_time_that_is_none_any_more_since_the_rules_of_its_zone_changed_is_left()
    {
        var turn = Turn(MissedTimes.RunOnce, Noon.AddMinutes(-10), Noon.AddMinutes(-5));
        Assert.Empty(turn.Times);
        Assert.Null(turn.SkippedUntil);
    }
}
