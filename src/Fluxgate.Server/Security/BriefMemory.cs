using System.Collections.Concurrent;

namespace Fluxgate.Server.Security;

/// <summary>
/// What was read counts for half a second, so that what is asked for each time does not ask PostgreSQL each time, and a
/// change on another node is seen within a second; one on this node is seen at once if it says <see cref="Forget"/>.
/// </summary>
internal sealed class BriefMemory<TKey, TValue>(TimeProvider clock) where TKey : notnull where TValue : class
{
    private const int Most = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    private sealed record Known(int Generation, long ReadAt, Lazy<Task<TValue?>> Value);

    private readonly ConcurrentDictionary<TKey, Known> known = new();
    private int generation;

    /// <summary>What <paramref name="read"/> finds, now or half a second ago at most. That there is nothing is not kept: strangers try many keys.</summary>
    public async ValueTask<TValue?> Get(TKey key, Func<TKey, Task<TValue?>> read)
    {
        if (known.TryGetValue(key, out var found) && IsFresh(found))
            return await found.Value.Value;
        // Those who ask meanwhile wait for the one reading. Its age counts from before it.
        var reading = new Known(Volatile.Read(ref generation), clock.GetTimestamp(), new Lazy<Task<TValue?>>(() => read(key)));
        var kept = known.AddOrUpdate(key, reading, (_, other) => IsFresh(other) ? other : reading);
        if (known.Count > Most)
            known.Clear();
        TValue? value = null;
        try
        {
            return value = await kept.Value.Value;
        }
        finally
        {
            if (value is null)
                known.TryRemove(KeyValuePair.Create(key, kept));
        }
    }

    /// <summary>What is known may be wrong now.</summary>
    public void Forget() => Interlocked.Increment(ref generation);

    private bool IsFresh(Known entry) => entry.Generation == Volatile.Read(ref generation) && clock.GetElapsedTime(entry.ReadAt) < Fresh;
}
