using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Partitions;

/// <summary>
/// Makes the monthly partitions before their month begins. Without one rows go to the table's default partition, so a
/// missed round costs order, never a row; the next round moves them. The first round is the server's start, so the loop
/// begins with a pause.
/// </summary>
public sealed class PartitionKeeper(Database database, TimeProvider clock, ILogger<PartitionKeeper> log) : BackgroundService
{
    private const int Months = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <summary>How many partitions were made: this month's and the next two months', of every partitioned table.</summary>
    public Task<int> MakeAhead(CancellationToken cancel) =>
        database.Platform.QueryOne<int>($"select internal.make_partitions({clock.GetUtcNow()}, {Months})", cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                await MakeAhead(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Partitions were not made; the next round tries again");
            }
            catch (Exception)
            {
                return; // stopping
            }
        }
    }
}
