namespace Fluxgate.Core.Limits;

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371, annex A, "virtual scheduling"): all that is kept of a subject is the
/// moment at which its whole quota is there again, its theoretical arrival time. A request moves it on by its share of
/// the window, and may not move it further than a window away from now. So a subject that was quiet may use the quota
/// at once, and one that is not gets it spread over the window. Times are microseconds since any one moment.
/// </summary>
public readonly record struct Gcra(long Quota, TimeSpan Window)
{
    private long Span => Window.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>
    /// Takes up to <paramref name="most"/> tokens, and none if not <paramref name="least"/> of them are there. A request
    /// for more than the quota counts as one for all of it, or it would never be let through.
    /// </summary>
    public GcraTaking Take(long arrival, long now, long least, long most)
    {
        // A clock that was set back does not shut anybody out for longer than a window.
        var start = Math.Min(Math.Max(arrival, now), now + Span);
        var room = (now + Span - start) * Quota / Span;
        var needed = Math.Min(least, Quota);
        var granted = room < needed ? 0 : Math.Min(room, most);
        var next = start + Time(granted);
        return new GcraTaking(granted, next, (now + Span - next) * Quota / Span,
            granted > 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Math.Max(0, start + Time(needed) - now - Span)),
            TimeSpan.FromMicroseconds(next - now));
    }

    /// <summary>What the tokens take of the window. Rounded up: rounding never adds to a quota.</summary>
    private long Time(long tokens) => ((tokens * Span) + Quota - 1) / Quota;
}

/// <summary>
/// What was taken, and the new arrival time. <paramref name="Remaining"/> tokens are left; <paramref name="Wait"/> is how
/// long a refused request has to wait, <paramref name="Full"/> how long until the whole quota is there.
/// </summary>
public readonly record struct GcraTaking(long Granted, long Arrival, long Remaining, TimeSpan Wait, TimeSpan Full);
