namespace Fluxgate.Server.Security;

/// <summary>Tells what is new from what was there within the last minute, so that nobody drowns a log with one thing. Keeps at most 10,000.</summary>
internal sealed class OnceAMinute<T>(TimeProvider clock) where T : notnull
{
    private const int Most = 10_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Dictionary<T, (DateTimeOffset Since, int Again)> recent = [];
    private readonly Lock turn = new();

    public bool IsNew(T what) => IsNew(what, out _);

    /// <summary><paramref name="again"/> is how often it came again after it was new the last time.</summary>
    public bool IsNew(T what, out int again)
    {
        var now = clock.GetUtcNow();
        lock (turn)
        {
            if (recent.Count > Most)
                recent.Clear();
            var isKnown = recent.TryGetValue(what, out var last);
            again = last.Again;
            if (isKnown && now - last.Since < Quiet)
            {
                recent[what] = (last.Since, again + 1);
                return false;
            }
            recent[what] = (now, 0);
            return true;
        }
    }
}
