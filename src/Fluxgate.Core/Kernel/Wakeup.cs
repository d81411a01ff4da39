namespace Fluxgate.Core.Kernel;

/// <summary>Wakes a loop of this process early. The loop also polls, so one that is lost or early does no harm.</summary>
public abstract class Wakeup : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private int isRaised;

    public void Raise()
    {
        if (Interlocked.Exchange(ref isRaised, 1) == 0)
            raised.Release();
    }

    /// <summary>Returns when raised, or after <paramref name="longest"/>.</summary>
    public async Task Wait(TimeSpan longest, CancellationToken cancel)
    {
        // Whoever raises between these two is seen by the look that follows.
        if (await raised.WaitAsync(longest, cancel))
            Volatile.Write(ref isRaised, 0);
    }

    public void Dispose()
    {
        raised.Dispose();
        GC.SuppressFinalize(this);
    }
}
