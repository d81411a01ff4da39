namespace Fluxgate.Server.Security;

/// <summary>Tells what is new from what was there within the last minute, so that nobody drowns a log with one thing. Keeps at most 10,000.</summary>
internal sealed class OnceAMinute<T>(TimeProvider clock) where T : notnull
{
    private const int Most = 10_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Dictionary<T, DateTimeOffset> recent = [];
    private readonly Lock turn = new();

    public bool IsNew(T what)
    {
        var now = clock.GetUtcNow();
        lock (turn)
        {
            if (recent.Count > Most)
                recent.Clear();
            if (recent.TryGetValue(what, out var last) && now - last < Quiet)
                return false;
            recent[what] = now;
            return true;
        }
    }
}
