using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Retention;

/// <summary>Deletes what is kept no longer: runs as their organizations want it, and receipts. Any number of nodes may do it.</summary>
internal sealed class RetentionSweeper(Database database, RunPruning runs, RetentionOptions options, TimeProvider clock, ILogger<RetentionSweeper> log) : BackgroundService
{
    private const int ReceiptBatch = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "What is kept no longer was not deleted; the next round tries again");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await Task.Delay(TimeSpan.FromSeconds(options.SweepSeconds), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Sweep(CancellationToken cancel)
    {
        foreach (var organization in await database.Platform.Query<OrganizationId>($"select distinct organization_id from run_retention", cancel))
            if (await runs.Prune(organization, cancel) is var pruned && pruned > 0)
                log.LogInformation("{Runs} runs of organization {Organization} were deleted as it wants it", pruned, organization);
        while (await DeleteReceipts(cancel) == ReceiptBatch)
        {
            // There is more.
        }
    }

    private Task<int> DeleteReceipts(CancellationToken cancel) =>
        database.Platform.Execute($"""
            delete from trigger_receipts t
            using (select organization_id, workflow_id, dedup_key from trigger_receipts where received_at < {clock.GetUtcNow().AddDays(-options.ReceiptDays)} limit {ReceiptBatch}) d
            where t.organization_id = d.organization_id and t.workflow_id = d.workflow_id and t.dedup_key = d.dedup_key
            """, cancel);
}
