using Fluxgate.Engine.Anomalies;
using Fluxgate.Server.Features.RequestLog;
using Fluxgate.Server.Security.Limits;
using Fluxgate.Server.Security.Signatures;

namespace Fluxgate.Server.Security;

/// <summary>
/// Deletes what the gate keeps for a time: nonces that cannot be valid any more, limits of who was not here for a while,
/// refusals that are no longer shown, old rows of the request log, what keys usually did. Any number of nodes may do it at once.
/// </summary>
internal sealed class GateSweeper(
    NonceLedger nonces, LimitLeases leases, LimitRows limits, LimitViolations violations, RequestLog.RequestLog requests,
    ActivityMeter activity, AnomalyDetector anomalies, RequestLogOptions requestLog, TimeProvider clock, ILogger<GateSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            leases.ForgetIdle();
            foreach (var delete in (Func<CancellationToken, Task<bool>>[])[nonces.DeleteOld, limits.DeleteIdle, violations.DeleteOld, requests.DeleteOld, activity.DeleteOldHours, DeleteOldPlaces, anomalies.DeleteOld])
                await Sweep(delete, stoppingToken);
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A key is new in a network that the log does not know it from.</summary>
    private Task<bool> DeleteOldPlaces(CancellationToken cancel) => activity.DeleteOldPlaces(TimeSpan.FromDays(requestLog.KeepDays), cancel);

    /// <summary>Batch after batch: <paramref name="delete"/> says whether there may be more. One that fails stops no other.</summary>
    private async Task Sweep(Func<CancellationToken, Task<bool>> delete, CancellationToken stopping)
    {
        try
        {
            while (await delete(stopping))
            {
                // There is more.
            }
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.LogWarning(e, "What the gate keeps no longer was not deleted by {Deletion}; the next round tries again", delete.Method.DeclaringType?.Name);
        }
        catch (Exception)
        {
            // stopping
        }
    }
}
