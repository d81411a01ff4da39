using System.Data.Common;
using Fluxgate.Server.Features.LogLevels;

namespace Fluxgate.Server.Hosting;

/// <summary>Below which level this server logs nothing: the configuration's until the operator says otherwise.</summary>
internal sealed class LeastLogLevel(LogLevel configured)
{
    private volatile LogLevelChange? change;

    public LogLevel Level => change?.Level ?? configured;

    /// <summary>Whether it was another.</summary>
    public bool Set(LogLevelChange? next)
    {
        var before = change;
        change = next;
        return before?.Id != next?.Id;
    }
}

/// <summary>Asks now and then what to log. While the database does not answer it stays as it was.</summary>
internal sealed class LogLevelFollower(LogLevels levels, LeastLogLevel least, TimeProvider clock, ILogger<LogLevelFollower> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Follow(stoppingToken);
            }
            catch (Exception e) when (e is DbException or TimeoutException)
            {
                log.LogDebug(e, "What to log is not known anew");
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "What to log cannot be read");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Follow(CancellationToken cancel)
    {
        var next = await levels.InForce(cancel);
        if (!least.Set(next))
            return;
        // Whatever the new level is, it has to be seen that it changed.
        var seen = least.Level > LogLevel.Warning ? least.Level : LogLevel.Warning;
        log.Log(seen, "Messages are logged from {Level} on: {Reason}", least.Level, next is null ? "as the configuration says" : next.Reason);
    }
}
