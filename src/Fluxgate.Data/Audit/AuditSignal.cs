namespace Fluxgate.Data.Audit;

/// <summary>Wakes this process's sealer early. Lost or early signals do no harm: the sealer also polls.</summary>
public sealed class AuditSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);

    public void Raise()
    {
        try
        {
            raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // raised already
        }
    }

    /// <summary>Returns when raised, or after <paramref name="longest"/>.</summary>
    public Task Wait(TimeSpan longest, CancellationToken cancel) => raised.WaitAsync(longest, cancel);

    public void Dispose() => raised.Dispose();
}
