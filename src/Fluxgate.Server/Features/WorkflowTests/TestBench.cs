using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Features.WorkflowTests;

/// <summary>Where recordings are replayed. They only compute, and whoever writes the workflow says how much: one request at a time does so, with one recording at a time in memory, and not for long.</summary>
internal sealed class TestBench : IDisposable
{
    /// <summary>How long the replays of one request may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim place = new(1);

    /// <summary>What <paramref name="work"/> gives when it is its turn, or <c>workflow_test.too_long</c>.</summary>
    public async Task<Result<T>> InTurn<T>(Func<CancellationToken, Task<Result<T>>> work, CancellationToken cancel)
    {
        await place.WaitAsync(cancel);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Longest);
        try
        {
            return await Task.Run(() => work(deadline.Token), cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return WorkflowTestErrors.TookTooLong;
        }
        finally
        {
            place.Release();
        }
    }

    public void Dispose() => place.Dispose();
}
