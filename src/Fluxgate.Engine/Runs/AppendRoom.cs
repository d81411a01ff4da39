namespace Fluxgate.Engine.Runs;

/// <summary>
/// Room for large appends: an append is in memory several times until PostgreSQL has it, as text, sealed and as a
/// message. Those that would not fit wait, one after the other, before any of it is made; small ones never do.
/// </summary>
internal sealed class AppendRoom : IDisposable
{
    private const int UnitBytes = 1024 * 1024;
    private const int Units = 32;

    /// <summary>Below this an append needs no room.</summary>
    private const long Small = 128 * 1024;

    private readonly SemaphoreSlim turn = new(1);
    private readonly SemaphoreSlim free = new(Units);

    /// <summary>Waits for room for data of that size; to be given back by disposing.</summary>
    public async ValueTask<IDisposable?> Enter(long bytes, CancellationToken cancel)
    {
        if (bytes < Small)
            return null;
        var units = (int)Math.Min(1 + bytes / UnitBytes, Units);
        await turn.WaitAsync(cancel);
        var taken = 0;
        try
        {
            for (; taken < units; taken++)
                await free.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            if (taken > 0)
                free.Release(taken);
            throw;
        }
        finally
        {
            turn.Release();
        }
        return new Taken(free, units);
    }

    public void Dispose()
    {
        turn.Dispose();
        free.Dispose();
    }

    private sealed class Taken(SemaphoreSlim free, int units) : IDisposable
    {
        public void Dispose() => free.Release(units);
    }
}
