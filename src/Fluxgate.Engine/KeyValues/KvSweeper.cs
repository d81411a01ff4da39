using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.KeyValues;

/// <summary>Deletes entries whose time is over, and receipts of runs that have ended. Any number of nodes may do it at once.</summary>
internal sealed class KvSweeper(Database database, KvOptions options, TimeProvider clock, ILogger<KvSweeper> log) : BackgroundService
{
    private const int BatchSize = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DeleteExpired(stoppingToken) + await DeleteReceipts(stoppingToken) >= BatchSize)
                {
                    // There is more.
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Expired entries were not deleted; the next round tries again");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await Task.Delay(TimeSpan.FromSeconds(options.SweepSeconds), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<int> DeleteExpired(CancellationToken cancel) =>
        database.Platform.Execute($"""
            delete from kv_entries e
            using (select organization_id, id from kv_entries where expires_at <= {clock.GetUtcNow()} limit {BatchSize}) d
            where e.organization_id = d.organization_id and e.id = d.id and e.expires_at <= {clock.GetUtcNow()}
            """, cancel);

    /// <summary>A step of a run that has no work row any more writes nothing, so nobody asks for its receipt.</summary>
    private Task<int> DeleteReceipts(CancellationToken cancel) =>
        database.Platform.Execute($"""
            delete from kv_receipts r
            using (select k.organization_id, k.effect from kv_receipts k
                   where not exists (select from run_work w where w.organization_id = k.organization_id and w.run_id = k.run_id) limit {BatchSize}) d
            where r.organization_id = d.organization_id and r.effect = d.effect
            """, cancel);
}
