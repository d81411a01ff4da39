using System.Diagnostics;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>
/// The work and the time that are left. Straight-line code costs nothing here, its length is limited by the source's:
/// loops pay for the size of their body each time round, and operations on data pay for its size.
/// </summary>
internal struct Budget(CelLimits limits)
{
    private const int UnitsBetweenClocks = 4_096;

    private readonly TimeSpan maxTime = limits.MaxTime;
    private long units = limits.MaxCost;
    private long untilClock = UnitsBetweenClocks;
    private long started;

    /// <summary>Set once a limit is passed; every later charge then fails too.</summary>
    public CelFault? Spent { get; private set; }

    public bool Charge(long cost)
    {
        units -= cost;
        untilClock -= cost;
        return (units | untilClock) >= 0 || LookAtClock();
    }

    public void Exhaust(CelFault fault)
    {
        Spent ??= fault;
        units = -1;
    }

    private bool LookAtClock()
    {
        if (units < 0)
            Spent ??= new CelFault("expression.cost", "The expression does more work than its budget allows.", fatal: true);
        else if (started == 0)
            started = Stopwatch.GetTimestamp();
        else if (Stopwatch.GetElapsedTime(started) > maxTime)
            Exhaust(OutOfTime());
        untilClock = UnitsBetweenClocks;
        return Spent is null;
    }

    public static CelFault OutOfTime() => new("expression.time", "The expression takes longer than its time allows.", fatal: true);
}
