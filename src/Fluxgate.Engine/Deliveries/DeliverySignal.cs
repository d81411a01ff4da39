namespace Fluxgate.Engine.Deliveries;

/// <summary>Wakes this process's dispatcher early; it also polls.</summary>
public sealed class DeliverySignal : IDisposable
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
