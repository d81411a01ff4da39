using System.Globalization;
using Fluxgate.Core.Schedules;

namespace Fluxgate.Core.Tests.Schedules;

public sealed class TimeZoneTests
{
    private static Schedule Schedule(string cron, string zone) =>
        new(CronExpression.Parse(cron).Value, TimeZoneInfo.FindSystemTimeZoneById(zone), MissedTimes.RunOnce, OverlappingTimes.Skip);

    private static List<DateTimeOffset> Times(string cron, string zone, DateTimeOffset after, DateTimeOffset until)
    {
        var schedule = Schedule(cron, zone);
        var times = new List<DateTimeOffset>();
        for (var at = schedule.Next(after); at <= until; at = schedule.Next(at))
            times.Add(at);
        return times;
    }

    [Theory]
    // The clocks of Berlin go from 02:00 to 03:00 at 01:00 UTC: what is missing comes right then, once.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    [InlineData("*/15 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:00Z")]
    [InlineData("0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:00Z", "2026-03-30T01:00Z")]
    [InlineData("0 9 * * 1-5", "Europe/Berlin", "2026-03-27T08:00Z", "2026-03-30T07:00Z")]
    // In autumn from 03:00 back to 02:00 at 01:00 UTC: what comes twice counts the first time.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45Z", "2026-10-26T01:30Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T01:15Z", "2026-10-26T01:30Z")]
    [InlineData("0 3 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T02:00Z")]
    [InlineData("30 2 * * *", "America/New_York", "2026-03-07T12:00Z", "2026-03-08T07:00Z", "2026-03-09T06:30Z")]
    [InlineData("30 1 * * *", "America/New_York", "2026-10-31T12:00Z", "2026-11-01T05:30Z", "2026-11-02T06:30Z")]
    // Half an hour: from 02:00 to 02:30 in October, from 02:00 back to 01:30 in April.
    [InlineData("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-03T15:30Z", "2026-10-04T15:15Z")]
    [InlineData("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00Z", "2026-04-04T14:45Z", "2026-04-05T15:15Z")]
    [InlineData("45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00Z", "2026-04-04T14:45Z", "2026-04-04T15:15Z", "2026-04-04T16:15Z")]
    // Samoa had no 30 December 2011: the clocks went from the end of the 29th to the 31st.
    [InlineData("0 9 * * *", "Pacific/Apia", "2011-12-29T12:00Z", "2011-12-29T19:00Z", "2011-12-30T10:00Z", "2011-12-30T19:00Z", "2011-12-31T19:00Z")]
    [InlineData("0 0 30 * *", "Pacific/Apia", "2011-12-01T00:00Z", "2011-12-30T10:00Z", "2012-01-29T10:00Z")]
    public void FX15_A_named_hour_comes_once_a_day_whatever_the_clocks_do(string cron, string zone, string after, params string[] expected)
    {
        var at = Time(after);
        foreach (var time in expected)
            Assert.Equal(Time(time), at = Schedule(cron, zone).Next(at));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T12:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T12:00Z")]
    [InlineData("America/New_York", "2026-03-07T12:00Z")]
    [InlineData("America/New_York", "2026-10-31T12:00Z")]
    [InlineData("Pacific/Apia", "2011-12-29T12:00Z")]
    public void FX15_Every_hour_stays_every_hour(string zone, string after)
    {
        var times = Times("0 * * * *", zone, Time(after), Time(after).AddDays(3));
        Assert.Equal(72, times.Count);
        Assert.Equal(Enumerable.Range(1, 72).Select(h => Time(after).AddHours(h)), times);
    }

    [Fact]
    public void FX15_Every_other_hour_skips_the_one_that_is_missing_and_takes_the_one_that_comes_twice_twice()
    {
        Assert.Equal([Time("2026-03-28T23:00Z"), Time("2026-03-29T02:00Z")], Times("0 */2 * * *", "Europe/Berlin", Time("2026-03-28T22:00Z"), Time("2026-03-29T02:30Z")));
        Assert.Equal([Time("2026-10-25T00:00Z"), Time("2026-10-25T01:00Z"), Time("2026-10-25T03:00Z")], Times("0 */2 * * *", "Europe/Berlin", Time("2026-10-24T22:30Z"), Time("2026-10-25T03:30Z")));
    }

    /// <summary>Against an oracle that walks minute by minute and remembers which local times it has seen.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T01:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T01:00Z")]
    [InlineData("America/New_York", "2026-03-08T07:00Z")]
    [InlineData("America/New_York", "2026-11-01T06:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T15:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T15:30Z")]
    [InlineData("Pacific/Apia", "2011-12-30T10:00Z")]
    [InlineData("Asia/Tokyo", "2026-06-01T00:00Z")]
    public void FX15_The_times_are_those_of_somebody_who_watches_the_clock(string zone, string change)
    {
        var random = new Random(7);
        var (from, until) = (Time(change).AddDays(-3), Time(change).AddDays(3));
        for (var n = 0; n < 100; n++)
        {
            var minutes = Some(random, 60);
            var step = random.Next(2) == 0 ? random.Next(1, 8) : 0;
            var hours = step > 0 ? [.. Enumerable.Range(0, 24).Where(h => h % step == 0)] : Some(random, 6);
            var cron = $"{string.Join(',', minutes)} {(step > 0 ? $"*/{step}" : string.Join(',', hours))} * * *";
            Assert.True(Watched(zone, from, until, minutes, hours, repeats: step > 0).SequenceEqual(Times(cron, zone, from, until)), $"{cron} in {zone}");
        }
    }

    private static int[] Some(Random random, int below) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(below)).Distinct().Order()];

    private static List<DateTimeOffset> Watched(string zone, DateTimeOffset from, DateTimeOffset until, int[] minutes, int[] hours, bool repeats)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var seen = new HashSet<DateTime>();
        var times = new List<DateTimeOffset>();
        // The watch begins before, so that it knows what it has seen.
        var before = DateTime.MinValue;
        for (var at = from.AddDays(-3); at <= until; at = at.AddMinutes(1))
        {
            var local = TimeZoneInfo.ConvertTime(at, clock).DateTime;
            var isNew = seen.Add(local);
            var comes = Matches(local) && (repeats || isNew);
            for (var missing = before.AddMinutes(1); before != DateTime.MinValue && !repeats && missing < local; missing = missing.AddMinutes(1))
                comes |= Matches(missing);
            if (comes && at > from)
                times.Add(at);
            before = local;
        }
        return times;

        bool Matches(DateTime local) => minutes.Contains(local.Minute) && hours.Contains(local.Hour);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
