using System.Numerics;
using Fluxgate.Core.Limits;

namespace Fluxgate.Core.Tests.Limits;

public sealed class GcraTests
{
    private const long Second = 1_000_000;
    private const long Start = 1_700_000_000 * Second;

    /// <summary>A bucket of exact fractions, filled as time goes by: what the algorithm has to amount to.</summary>
    private sealed class Bucket(long quota, long span)
    {
        private BigInteger level = (BigInteger)quota * span;
        private long last = Start;

        public long Take(long now, long least, long most)
        {
            level = BigInteger.Min((BigInteger)quota * span, level + ((BigInteger)(now - last) * quota));
            last = now;
            var whole = (long)(level / span);
            var granted = whole < Math.Min(least, quota) ? 0 : Math.Min(whole, most);
            level -= (BigInteger)granted * span;
            return granted;
        }
    }

    private static Func<int, int> Dice(uint seed) => sides =>
    {
        seed = (seed * 1664525) + 1013904223;
        return (int)((seed >> 8) % (uint)sides);
    };

    public static TheoryData<int, int> Limits => new() { { 1, 60 }, { 60, 60 }, { 100, 60 }, { 1000, 3600 }, { 10_000, 60 }, { 60_000, 60 } };

    [Theory]
    [MemberData(nameof(Limits))]
    public void FB09_It_grants_what_a_bucket_grants_that_fills_with_time(int quota, int seconds)
    {
        for (uint seed = 1; seed <= 50; seed++)
        {
            var dice = Dice(seed);
            var gcra = new Gcra(quota, TimeSpan.FromSeconds(seconds));
            var bucket = new Bucket(quota, seconds * Second);
            var (now, arrival) = (Start, 0L);
            for (var step = 0; step < 500; step++)
            {
                // From bursts within a microsecond to pauses that fill everything.
                now += dice(4) switch { 0 => 0, 1 => dice(1000), 2 => dice((int)(seconds * Second / quota * 3)), _ => dice((int)Second) };
                var least = 1 + dice(Math.Max(2, quota / 3));
                var most = least + dice(quota);
                var taken = gcra.Take(arrival, now, least, most);
                Assert.Equal(bucket.Take(now, least, most), taken.Granted);
                Assert.InRange(taken.Remaining, 0, quota);
                arrival = taken.Arrival;
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(999)]
    [InlineData(59_999)]
    [InlineData(9_999_991)]
    public void FB09_Rounding_never_adds_to_a_quota_that_does_not_divide_the_window(int quota)
    {
        var gcra = new Gcra(quota, TimeSpan.FromMinutes(1));
        var (dice, now, arrival, granted) = (Dice(5), Start, 0L, 0L);
        for (var step = 0; step < 20_000; step++)
        {
            now += dice(2000);
            var taken = gcra.Take(arrival, now, 1, 1 + (quota / 50));
            (arrival, granted) = (taken.Arrival, granted + taken.Granted);
            Assert.True(granted <= quota + ((now - Start) * (BigInteger)quota / (60 * Second)));
        }
    }

    [Fact]
    public void FB09_Whoever_waits_as_long_as_it_says_is_let_through_and_not_a_microsecond_sooner()
    {
        for (uint seed = 1; seed <= 200; seed++)
        {
            var dice = Dice(seed);
            var gcra = new Gcra(1 + dice(5000), TimeSpan.FromMinutes(1));
            var spent = gcra.Take(0, Start, 1, gcra.Quota);
            Assert.Equal((gcra.Quota, 0), (spent.Granted, spent.Remaining));
            var cost = 1 + dice(100);
            var refused = gcra.Take(spent.Arrival, Start, cost, cost);
            Assert.Equal((0, spent.Arrival), (refused.Granted, refused.Arrival));
            var then = Start + (refused.Wait.Ticks / TimeSpan.TicksPerMicrosecond);
            Assert.Equal(0, gcra.Take(spent.Arrival, then - 1, cost, cost).Granted);
            Assert.Equal(Math.Min(cost, gcra.Quota), Math.Min(gcra.Take(spent.Arrival, then, cost, cost).Granted, gcra.Quota));
        }
    }

    [Fact]
    public void A_clock_that_was_set_back_shuts_nobody_out_for_longer_than_the_window()
    {
        var gcra = new Gcra(60, TimeSpan.FromMinutes(1));
        var back = gcra.Take(Start + (3600 * Second), Start, 1, 1);
        Assert.Equal(0, back.Granted);
        Assert.InRange(back.Wait, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
