using System.Globalization;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Limits;

namespace Fluxgate.Server.Security.Limits;

/// <summary>How a request stands at a limit: let through or to wait.</summary>
internal readonly record struct LimitCharge(bool IsAllowed, string Policy, string Name, long Remaining, TimeSpan Wait, TimeSpan Full);

/// <summary>
/// What this node holds of one subject's limit: a slice of tokens that PostgreSQL has given it for a second, and the news
/// that there were none. While either lasts nobody asks. One request asks at a time, for all that wait with it.
/// </summary>
internal sealed class LimitLease(LimitSubject subject, OrganizationId? organization, long configured, TimeSpan window, LimitRows rows, TimeProvider clock)
{
    private static readonly TimeSpan SliceLasts = TimeSpan.FromSeconds(1);

    /// <summary>Later than this a return would add to what has long been whole again.</summary>
    private static readonly TimeSpan ReturnedWithin = TimeSpan.FromSeconds(3);

    /// <summary>How long a refusal counts before PostgreSQL is asked again: a busy subject over its limit asks 20 times a second, and a limit that was raised is known within a second.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) RefusalLasts = (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    private readonly string name = SnakeCase.From(subject.Limit).Replace('_', '-');
    private readonly Lock turn = new();
    private TaskCompletionSource? asking;
    private string policy = "";
    private long quota, tokens, waiting, remaining, refusedCost;
    private long takenAt, lastUse = clock.GetTimestamp();
    private TimeSpan refusalLasts, wait, full;

    public bool IsIdle(TimeSpan since)
    {
        lock (turn)
            return asking is null && clock.GetElapsedTime(lastUse) > since;
    }

    public ValueTask<LimitCharge> Take(int cost, CancellationToken cancel)
    {
        lock (turn)
        {
            if (Decide(cost) is { } charge)
                return ValueTask.FromResult(charge);
            waiting += cost;
        }
        return Ask(cost, cancel);
    }

    private async ValueTask<LimitCharge> Ask(int cost, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                TaskCompletionSource? mine = null;
                Task others;
                long asked = 0, unused = 0;
                lock (turn)
                {
                    if (Decide(cost) is { } charge)
                        return charge;
                    if (asking is null)
                    {
                        asking = mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                        asked = waiting;
                        unused = clock.GetElapsedTime(takenAt) <= ReturnedWithin ? tokens : 0;
                        tokens = 0;
                    }
                    others = asking.Task;
                }
                if (mine is null)
                    await others.WaitAsync(cancel);
                else if (await AskFor(mine, cost, asked, unused) is { } charge)
                    return charge;
            }
        }
        finally
        {
            lock (turn)
                waiting -= cost;
        }
    }

    /// <summary>Not cancelled with the request that asks: the others wait for the same answer.</summary>
    private async Task<LimitCharge?> AskFor(TaskCompletionSource mine, int cost, long asked, long unused)
    {
        try
        {
            var row = await rows.Take(subject, organization, configured, window, cost, asked, unused);
            lock (turn)
            {
                asking = null;
                Learn(row, cost, asked);
                mine.SetResult();
                return Decide(cost);
            }
        }
        catch (Exception e)
        {
            lock (turn)
                asking = null;
            mine.SetException(e);
            _ = mine.Task.Exception; // whoever waits is told; nobody need wait
            throw;
        }
    }

    private void Learn(LimitRow row, int cost, long asked)
    {
        var taking = new Gcra(row.Quota, window).Take(row.Before, row.TakenAt, cost, LimitRows.Slice(row.Quota, asked));
        if (quota != row.Quota)
            policy = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={row.Quota};w={(long)window.TotalSeconds}");
        (quota, tokens, remaining, full, wait) = (row.Quota, taking.Granted, taking.Remaining, taking.Full, taking.Wait);
        takenAt = clock.GetTimestamp();
        refusedCost = cost;
        refusalLasts = taking.Granted > 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Clamp(taking.Wait.Ticks, RefusalLasts.Least.Ticks, RefusalLasts.Most.Ticks));
    }

    /// <summary>Null if PostgreSQL has to be asked.</summary>
    private LimitCharge? Decide(int cost)
    {
        lastUse = clock.GetTimestamp();
        var age = clock.GetElapsedTime(takenAt, lastUse);
        var needed = Math.Min(cost, quota);
        if (quota > 0 && tokens >= needed && age < SliceLasts)
        {
            tokens -= needed;
            return new LimitCharge(true, policy, name, remaining + tokens, TimeSpan.Zero, Later(full, age));
        }
        return age < refusalLasts && cost >= refusedCost
            ? new LimitCharge(false, policy, name, remaining, Later(wait, age), Later(full, age))
            : null;
    }

    private static TimeSpan Later(TimeSpan then, TimeSpan age) => then > age ? then - age : TimeSpan.Zero;
}
