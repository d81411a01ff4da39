namespace Fluxgate.Core.Runs;

public enum BreakerState
{
    /// <summary>Calls go through.</summary>
    Closed,

    /// <summary>No call goes through until the time is over.</summary>
    Open,

    /// <summary>A few calls are tried; they decide.</summary>
    HalfOpen,
}

/// <summary>
/// When a breaker opens and closes: after <paramref name="FailureThreshold"/> steps in a row that failed, for
/// <paramref name="OpenTime"/>; then <paramref name="Trials"/> calls must succeed.
/// </summary>
public sealed record BreakerLimits(int FailureThreshold, TimeSpan OpenTime, int Trials);

/// <summary>
/// The circuit breaker of one connector, which all nodes share. Pure: it is told the time and what happened, and
/// answers what it is next. One that is closed and has seen no failure is not kept at all, and is null here.
/// </summary>
/// <param name="State">What it does with calls.</param>
/// <param name="Failures">Closed: steps that failed in a row.</param>
/// <param name="TrialsLeft">Half-open: calls that may still be tried.</param>
/// <param name="TrialsPassed">Half-open: tried calls that succeeded.</param>
/// <param name="Until">Open: when calls are tried. Half-open: when trials that never ended are given anew.</param>
public sealed record Breaker(BreakerState State, int Failures, int TrialsLeft, int TrialsPassed, DateTimeOffset Until)
{
    /// <summary>Whether a call may go through now, and the breaker after that.</summary>
    public (bool Admitted, Breaker Next) Admit(BreakerLimits limits, DateTimeOffset now) => State switch
    {
        BreakerState.Closed => (true, this),
        BreakerState.HalfOpen when TrialsLeft > 0 => (true, this with { TrialsLeft = TrialsLeft - 1 }),
        _ when now >= Until => (true, new Breaker(BreakerState.HalfOpen, Failures, limits.Trials - 1, 0, now + limits.OpenTime)),
        _ => (false, this),
    };

    /// <summary>The breaker after a call has ended; null once nothing is left to remember.</summary>
    public static Breaker? Report(Breaker? before, bool succeeded, BreakerLimits limits, DateTimeOffset now)
    {
        switch (before?.State ?? BreakerState.Closed)
        {
            case BreakerState.Open:
                // A call that began before it opened says nothing new.
                return before;
            case BreakerState.HalfOpen when succeeded:
                return before!.TrialsPassed + 1 >= limits.Trials ? null : before with { TrialsPassed = before.TrialsPassed + 1 };
            case BreakerState.HalfOpen:
                return Opened(before!.Failures + 1);
            case BreakerState.Closed when succeeded:
                return null;
            default:
                var failures = (before?.Failures ?? 0) + 1;
                return failures >= limits.FailureThreshold ? Opened(failures) : new Breaker(BreakerState.Closed, failures, 0, 0, now);
        }

        Breaker Opened(int failures) => new(BreakerState.Open, failures, 0, 0, now + limits.OpenTime);
    }
}
