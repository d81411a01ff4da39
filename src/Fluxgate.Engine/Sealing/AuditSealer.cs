using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Sealing;

/// <summary>
/// Seals the audit queue: one node of the installation at a time, by a session lock; the others wait and take over
/// when its session ends.
/// </summary>
public sealed class AuditSealer(Database database, AuditSignal signal, TimeProvider clock, ILogger<AuditSealer> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LockCheck = TimeSpan.FromSeconds(1);

    /// <summary>A signal comes before the commit that it announces; a short wait lets that and its neighbours arrive.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    private readonly SealingBatch batch = new(database, clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var held = await SessionLock.TryTake(database, SessionLockName.AuditSealer, stoppingToken);
                if (held is not null)
                    await SealWhileHeld(held, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Events wait in the queue; the database may be away for a while.
                log.LogWarning(e, "Audit sealing failed and will be tried again");
            }
            await Task.Delay(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SealWhileHeld(SessionLock held, CancellationToken cancel)
    {
        var checkedAt = clock.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            if (clock.GetElapsedTime(checkedAt) >= LockCheck)
            {
                if (!await held.IsHeld(cancel))
                    return;
                checkedAt = clock.GetTimestamp();
            }
            if (await batch.Seal(cancel) == 0)
            {
                await signal.Wait(Poll, cancel);
                await Task.Delay(Gather, clock, cancel);
            }
        }
    }
}
