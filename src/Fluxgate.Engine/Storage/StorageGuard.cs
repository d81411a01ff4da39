using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Storage;

/// <summary>
/// Looks whether there is room for new runs. Where there is little, none is taken, while those that are under way go on and
/// end: a full disk would stop PostgreSQL in the middle of them. It recovers by itself.
/// </summary>
public sealed class StorageGuard(Database database, StorageOptions options, TimeProvider clock, ILogger<StorageGuard> log) : BackgroundService
{
    private const long Megabyte = 1024 * 1024;

    private volatile Error? refusal;

    /// <summary>Why no new run is taken; null if one is.</summary>
    public Error? Refusal => refusal;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody can start a run.
        await Look(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.CheckSeconds), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception e) when (e is DbException or IOException && !stoppingToken.IsCancellationRequested)
            {
                // What was found before holds until it is known better.
                log.LogWarning("The room for runs is not known: {Error}", e.Message);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task Look(CancellationToken cancel)
    {
        var fault = Disk() ?? await DatabaseSize(cancel);
        if (fault is not null && refusal is null)
            log.LogError("No new runs are taken: {Fault}", fault);
        else if (fault is null && refusal is not null)
            log.LogWarning("New runs are taken again");
        refusal = fault is null ? null : new Error("storage.low", ErrorKind.Unavailable, "There is little room left here, so no new runs are taken; try again later.") { RetryAfter = TimeSpan.FromSeconds(options.CheckSeconds) };
    }

    private string? Disk()
    {
        if (options.Directory is null || options.MinFreeMegabytes == 0)
            return null;
        var free = new DriveInfo(options.Directory).AvailableFreeSpace / Megabyte;
        return free < options.MinFreeMegabytes ? $"{free} MB are free where {options.Directory} is, less than storage.min_free_megabytes" : null;
    }

    private async Task<string?> DatabaseSize(CancellationToken cancel)
    {
        if (options.MaxDatabaseMegabytes is not { } most)
            return null;
        var size = await database.Platform.QueryOne<long>($"select pg_database_size(current_database())", cancel) / Megabyte;
        return size > most ? $"the database has {size} MB, more than storage.max_database_megabytes" : null;
    }
}
