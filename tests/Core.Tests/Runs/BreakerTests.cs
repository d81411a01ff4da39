using Fluxgate.Core.Runs;

namespace Fluxgate.Core.Tests.Runs;

public sealed class BreakerTests
{
    private static readonly BreakerLimits Limits = new(3, TimeSpan.FromSeconds(30), 2);
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(50);

    [Fact]
    public void FK06_It_opens_after_so_many_failures_in_a_row_and_not_before()
    {
        var breaker = After(null, false, false);
        Assert.Equal((BreakerState.Closed, 2), (breaker!.State, breaker.Failures));
        Assert.Null(After(breaker, true));
        breaker = After(breaker, false);
        Assert.Equal((BreakerState.Open, Start + Limits.OpenTime), (breaker!.State, breaker.Until));
        Assert.False(breaker.Admit(Limits, Start + Limits.OpenTime - TimeSpan.FromTicks(1)).Admitted);
    }

    [Fact]
    public void FK06_After_its_time_so_many_calls_are_tried_and_must_all_succeed()
    {
        var open = After(null, false, false, false)!;
        var now = Start + Limits.OpenTime;
        var (first, breaker) = open.Admit(Limits, now);
        (var second, breaker) = breaker.Admit(Limits, now);
        (var third, breaker) = breaker.Admit(Limits, now);
        Assert.Equal((true, true, false), (first, second, third));

        var oncePassed = Breaker.Report(breaker, true, Limits, now)!;
        Assert.Equal((BreakerState.HalfOpen, 1), (oncePassed.State, oncePassed.TrialsPassed));
        Assert.Null(Breaker.Report(oncePassed, true, Limits, now));
        var again = Breaker.Report(oncePassed, false, Limits, now)!;
        Assert.Equal((BreakerState.Open, now + Limits.OpenTime), (again.State, again.Until));
    }

    [Fact]
    public void FK06_Trials_that_never_end_do_not_keep_it_half_open_for_ever()
    {
        var now = Start + Limits.OpenTime;
        var breaker = After(null, false, false, false)!;
        for (var trial = 0; trial < Limits.Trials; trial++)
            breaker = breaker.Admit(Limits, now).Next;
        Assert.False(breaker.Admit(Limits, now + Limits.OpenTime - TimeSpan.FromTicks(1)).Admitted);
        Assert.True(breaker.Admit(Limits, now + Limits.OpenTime).Admitted);
    }

    [Fact]
    public void FK06_A_call_that_began_before_it_opened_says_nothing_new()
    {
        var open = After(null, false, false, false);
        Assert.Equal(open, After(open, true));
        Assert.Equal(open, After(open, false));
    }

    private static Breaker? After(Breaker? breaker, params bool[] outcomes) =>
        outcomes.Aggregate(breaker, (before, succeeded) => Breaker.Report(before, succeeded, Limits, Start));
}
