using System.Globalization;
using Fluxgate.Core.Schedules;

namespace Fluxgate.Core.Tests.Schedules;

public sealed class CronExpressionTests
{
    /// <summary>The first times after a time, in UTC.</summary>
    private static string[] Times(string cron, string after, int count)
    {
        var schedule = new Schedule(CronExpression.Parse(cron).Value, TimeZoneInfo.Utc, MissedTimes.RunOnce, OverlappingTimes.Skip);
        var at = DateTimeOffset.Parse(after, CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(0, count).Select(_ => (at = schedule.Next(at)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))];
    }

    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:30Z", "2026-01-01 00:01", "2026-01-01 00:02")]
    [InlineData("0 9 * * 1-5", "2026-01-02T09:00:00Z", "2026-01-05 09:00", "2026-01-06 09:00")]
    [InlineData("*/20 8-9 * * *", "2026-01-01T08:30:00Z", "2026-01-01 08:40", "2026-01-01 09:00")]
    [InlineData("5,10-12 0-23/12 * * *", "2026-01-01T00:05:00Z", "2026-01-01 00:10", "2026-01-01 00:11", "2026-01-01 00:12", "2026-01-01 12:05")]
    [InlineData("0 0 1 jan,JUL *", "2026-01-01T00:00:00Z", "2026-07-01 00:00", "2027-01-01 00:00")]
    [InlineData("0 0 * * SUN", "2026-01-01T00:00:00Z", "2026-01-04 00:00", "2026-01-11 00:00")]
    [InlineData("0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04 00:00", "2026-01-11 00:00")]
    [InlineData("0 0 * * sat-sun", "2026-01-01T00:00:00Z", "2026-01-03 00:00", "2026-01-04 00:00", "2026-01-10 00:00")]
    [InlineData("0 0 * * 5-7", "2026-01-01T00:00:00Z", "2026-01-02 00:00", "2026-01-03 00:00", "2026-01-04 00:00", "2026-01-09 00:00")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31 23:59")]
    [InlineData("0\t0   1 * *", "2026-01-15T00:00:00Z", "2026-02-01 00:00")]
    public void FX15_A_field_takes_lists_ranges_steps_and_names(string cron, string after, params string[] expected) =>
        Assert.Equal(expected, Times(cron, after, expected.Length));

    [Fact]
    public void FX15_Days_of_month_and_of_week_are_either_of_them_where_both_are_named()
    {
        // Friday, or the 13th.
        Assert.Equal(["2026-02-06 00:00", "2026-02-13 00:00", "2026-02-20 00:00", "2026-02-27 00:00", "2026-03-06 00:00", "2026-03-13 00:00"], Times("0 0 13 * 5", "2026-02-01T00:00:00Z", 6));
        Assert.Equal(["2026-04-03 00:00", "2026-04-10 00:00", "2026-04-13 00:00"], Times("0 0 13 * 5", "2026-04-01T00:00:00Z", 3));
        // A field that begins with a star names nothing, so both must hold: Mondays on odd days.
        Assert.Equal(["2026-01-05 00:00", "2026-01-19 00:00", "2026-02-09 00:00"], Times("0 0 */2 * 1", "2026-01-01T00:00:00Z", 3));
    }

    [Fact]
    public void FX15_The_29th_of_February_comes_in_leap_years()
    {
        Assert.Equal(["2028-02-29 12:30", "2032-02-29 12:30"], Times("30 12 29 2 *", "2026-01-01T00:00:00Z", 2));
        // 2100 is none.
        Assert.Equal(["2096-02-29 00:00", "2104-02-29 00:00"], Times("0 0 29 2 *", "2092-03-01T00:00:00Z", 2));
        // On a Sunday alone: 28 years apart.
        Assert.Equal(["2032-02-29 00:00", "2060-02-29 00:00"], Times("0 0 29 2 */7", "2026-01-01T00:00:00Z", 2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("@daily")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * 32 * *")]
    [InlineData("* * * 0 *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("*/60 * * * *")]
    [InlineData("5/10 * * * *")]
    [InlineData("30-10 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("1- * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("+1 * * * *")]
    [InlineData("001 * * * *")]
    [InlineData("** * * * *")]
    [InlineData("*/2/2 * * * *")]
    [InlineData("MON * * * *")]
    [InlineData("* * * * MONDAY")]
    [InlineData("* * L * *")]
    [InlineData("* * ? * *")]
    [InlineData("١ * * * *")]
    public void FX15_What_is_no_schedule_is_refused(string cron) => Assert.Equal("schedule.cron", CronExpression.Parse(cron).Error?.Code);

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 2,4,6,9,11 *")]
    [InlineData("0 0 31 4 */2")]
    public void FX15_What_never_comes_is_refused(string cron) => Assert.Equal("schedule.never", CronExpression.Parse(cron).Error?.Code);
}
