using System.Collections.Concurrent;
using System.Data.Common;
using Fluxgate.Core.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Cluster;

/// <summary>Something of an organization that is due, and claimed.</summary>
internal interface IDue
{
    OrganizationId OrganizationId { get; }

    /// <summary>What tells it from others of the organization.</summary>
    Guid Key { get; }

    DateTimeOffset ClaimedUntil { get; }
}

/// <summary>
/// Claims what is due, on whichever node comes first, by moving its due time ahead: a node that dies, or a turn that
/// fails, only delays it, one that stops gives it back, and nothing that cannot be done makes a node run hot. A slow one
/// takes a place, of which an organization has half at most before it is passed over; nobody waits for it but who finds
/// no place. It looks twice a second, and at once when there may be more, when a place becomes free, and when
/// <c>wakeup</c>, if there is one, says so.
/// </summary>
internal abstract class DueClock<TDue>(int places, Wakeup? wakeup, TimeProvider clock, ILogger log) : BackgroundService
    where TDue : IDue
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private sealed class PlaceFreed : Wakeup;

    private readonly Wakeup news = wakeup ?? new PlaceFreed();
    private readonly SemaphoreSlim free = new(places);
    private readonly ConcurrentDictionary<TaskCompletionSource, TDue> underWay = new();

    /// <summary>
    /// What is due by now and nobody else's, <paramref name="limit"/> at most and none of the organizations in
    /// <paramref name="full"/>, claimed for longer than <see cref="Take"/> lasts.
    /// </summary>
    protected abstract Task<IReadOnlyList<TDue>> Claim(DateTimeOffset now, int limit, Guid[] full);

    /// <summary>Sees to one; it comes again when its claim runs out, unless this moved its due time.</summary>
    protected abstract Task Take(TDue due, CancellationToken cancel);

    /// <summary>Gives the claim back, for another node to take at once.</summary>
    protected abstract Task Release(TDue due);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Turn(stoppingToken))
                    continue;
            }
            catch (DbException e)
            {
                log.LogWarning("PostgreSQL does not answer: {Error}", e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "The look for what is due failed");
            }
            catch (Exception)
            {
                break; // stopping
            }
            await news.Wait(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(underWay.Keys.Select(done => done.Task));
    }

    /// <summary>Whether there may be more at once.</summary>
    private async Task<bool> Turn(CancellationToken cancel)
    {
        // Only this loop takes places, so those that are free now stay so.
        await free.WaitAsync(cancel);
        free.Release();
        var limit = free.CurrentCount;
        var full = underWay.Values.GroupBy(d => d.OrganizationId.Value).Where(g => g.Count() >= places / 2).Select(g => g.Key).ToArray();
        // Not to be broken off: what it claimed would wait for its claim to run out.
        var due = await Claim(clock.GetUtcNow(), limit, full);
        foreach (var one in due)
        {
            await free.WaitAsync(CancellationToken.None);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            underWay[done] = one;
            _ = Task.Run(() => SeeTo(one, done, cancel), CancellationToken.None);
        }
        return due.Count > 0;
    }

    private async Task SeeTo(TDue due, TaskCompletionSource done, CancellationToken cancel)
    {
        try
        {
            await Take(due, cancel);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Broken off by the stop, however that shows. Who had moved its time on already has nothing to give back.
            await ReleaseAtStop(due);
        }
        catch (Exception e)
        {
            log.LogError(e, "{Due} was not seen to; it is tried again when its claim runs out", due);
        }
        finally
        {
            underWay.TryRemove(done, out _);
            free.Release();
            news.Raise();
            done.SetResult();
        }
    }

    private async Task ReleaseAtStop(TDue due)
    {
        try
        {
            await Release(due);
        }
        catch (DbException e)
        {
            log.LogWarning("{Due} is taken by another node when its claim runs out: {Error}", due, e.Message);
        }
    }

    public override void Dispose()
    {
        free.Dispose();
        if (wakeup is null)
            news.Dispose();
        base.Dispose();
    }
}
