using System.Collections.Concurrent;
using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Quotas;

/// <summary>
/// Counts what runs use, and says whether there is room for more. Counts go to PostgreSQL about once a second, all
/// organizations' together, so a run pays nothing for them; a server that dies takes a second of its counts with it, and
/// one may pass a quota by what the others start within a second, and by what is just being started.
/// </summary>
public sealed class UsageMeter(Database database, QuotaOptions options, QuotaRoom room, TimeProvider clock, ILogger<UsageMeter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long what is known of an organization without limits is used before it is asked again.</summary>
    private static readonly TimeSpan Unlimited = TimeSpan.FromSeconds(10);

    /// <summary>An organization that nobody has asked for is forgotten.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private const int AtOnce = 1000;

    private sealed record Totals(DateOnly Day, long Runs, long Bytes, long? MostRuns, long? MostBytes, DateTimeOffset ReadAt);

    private sealed record Row(OrganizationId OrganizationId, long Runs, long Bytes, bool OwnRuns, long? MostRuns, bool OwnBytes, long? MostBytes);

    private sealed class Meter
    {
        public long Runs;
        public long Bytes;

        /// <summary>On their way to PostgreSQL, and in neither of the others.</summary>
        public (long Runs, long Bytes) Sent;

        public volatile Totals? Known;

        /// <summary>UTC ticks of when anybody last counted or asked.</summary>
        public long UsedAt;

        /// <summary>What was recorded of it, and when: not each second anew.</summary>
        public (DateOnly Day, QuotaLevel Runs, QuotaLevel Bytes) Noticed;
    }

    private readonly ConcurrentDictionary<OrganizationId, Meter> meters = new();

    /// <summary>Takes in what an append has made durable.</summary>
    internal void Count(OrganizationId organization, int runs, long bytes)
    {
        var meter = meters.GetOrAdd(organization, _ => new Meter());
        Volatile.Write(ref meter.UsedAt, clock.GetUtcNow().UtcTicks);
        Interlocked.Add(ref meter.Runs, runs);
        Interlocked.Add(ref meter.Bytes, bytes);
    }

    /// <summary>Why the organization may start no run now: <c>quota.runs_a_day</c>, <c>quota.stored_bytes</c>; null if it may.</summary>
    internal async ValueTask<Error?> Refusal(OrganizationId organization, CancellationToken cancel)
    {
        var meter = meters.GetOrAdd(organization, _ => new Meter());
        var now = clock.GetUtcNow();
        Volatile.Write(ref meter.UsedAt, now.UtcTicks);
        if (meter.Known is null)
            await Read([organization], cancel);
        if (meter.Known is not { } known)
            return null;
        if (known.MostRuns is { } mostRuns && Interlocked.Read(ref meter.Runs) + meter.Sent.Runs + (known.Day == Day(now) ? known.Runs : 0) >= mostRuns)
            return QuotaRules.Exceeded(Quota.RunsADay, mostRuns, now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime);
        if (known.MostBytes is { } mostBytes && Interlocked.Read(ref meter.Bytes) + meter.Sent.Bytes + known.Bytes >= mostBytes)
            return QuotaRules.Exceeded(Quota.StoredBytes, mostBytes, TimeSpan.FromHours(1));
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await Turn(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("What organizations use is not known anew: {Error}", e.Message);
            }
            catch (Exception)
            {
                break; // stopping
            }
        }
        try
        {
            await Send(CancellationToken.None);
        }
        catch (DbException e)
        {
            log.LogWarning("The last counts of runs are lost: {Error}", e.Message);
        }
    }

    private async Task Turn(CancellationToken cancel)
    {
        await Send(cancel);
        var now = clock.GetUtcNow();
        foreach (var (organization, meter) in meters)
            if (now.UtcTicks - Volatile.Read(ref meter.UsedAt) > Idle.Ticks && Interlocked.Read(ref meter.Runs) == 0 && Interlocked.Read(ref meter.Bytes) == 0)
                meters.TryRemove(organization, out _);
        var stale = meters.Where(m => m.Value.Known is { } known && Volatile.Read(ref m.Value.UsedAt) >= known.ReadAt.UtcTicks && (known.MostRuns is not null || known.MostBytes is not null || now - known.ReadAt > Unlimited))
            .Select(m => m.Key).ToArray();
        foreach (var some in stale.Chunk(AtOnce))
            await Read(some, cancel);
        foreach (var (organization, meter) in meters)
            if (meter.Known is { } known)
                await Notice(organization, meter, known, cancel);
    }

    private async Task Send(CancellationToken cancel)
    {
        foreach (var some in meters.Where(m => Interlocked.Read(ref m.Value.Runs) != 0 || Interlocked.Read(ref m.Value.Bytes) != 0).ToArray().Chunk(AtOnce))
        {
            foreach (var (_, meter) in some)
                meter.Sent = (Interlocked.Exchange(ref meter.Runs, 0), Interlocked.Exchange(ref meter.Bytes, 0));
            var sent = false;
            try
            {
                await Write([.. some.Select(m => m.Key.Value)], [.. some.Select(m => m.Value.Sent.Runs)], [.. some.Select(m => m.Value.Sent.Bytes)], cancel);
                sent = true;
                await Read([.. some.Where(m => m.Value.Known is not null).Select(m => m.Key)], cancel);
            }
            finally
            {
                foreach (var (_, meter) in some)
                {
                    if (!sent)
                    {
                        Interlocked.Add(ref meter.Runs, meter.Sent.Runs);
                        Interlocked.Add(ref meter.Bytes, meter.Sent.Bytes);
                    }
                    meter.Sent = default;
                }
            }
        }
    }

    private Task<int> Write(Guid[] organizations, long[] runs, long[] bytes, CancellationToken cancel) => database.Platform.Execute($"""
        with counted as (
            select c.* from unnest({organizations}::uuid[], {runs}::bigint[], {bytes}::bigint[]) as c(organization_id, runs, bytes)
            join organizations o on o.id = c.organization_id order by c.organization_id
        ), day as (
            insert into organization_usage (organization_id, day, runs)
            select organization_id, {Day(clock.GetUtcNow())}::date, runs from counted
            on conflict (organization_id, day) do update set runs = organization_usage.runs + excluded.runs
        )
        insert into organization_storage (organization_id, run_bytes)
        select organization_id, bytes from counted
        on conflict (organization_id) do update set run_bytes = organization_storage.run_bytes + excluded.run_bytes
        """, cancel);

    private async Task Read(OrganizationId[] organizations, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var day = Day(now);
        foreach (var row in await database.Platform.Query<Row>($"""
            select o.id as organization_id, coalesce(u.runs, 0) as runs, coalesce(s.run_bytes, 0) as bytes,
                r.organization_id is not null as own_runs, r.most as most_runs, b.organization_id is not null as own_bytes, b.most as most_bytes
            from unnest({organizations.Select(o => o.Value).ToArray()}::uuid[]) as o(id)
            left join organization_usage u on u.organization_id = o.id and u.day = {day}
            left join organization_storage s on s.organization_id = o.id
            left join organization_quotas r on r.organization_id = o.id and r.quota = {Quota.RunsADay}
            left join organization_quotas b on b.organization_id = o.id and b.quota = {Quota.StoredBytes}
            """, cancel))
            if (meters.TryGetValue(row.OrganizationId, out var meter))
                meter.Known = new Totals(
                    day, row.Runs, row.Bytes, row.OwnRuns ? row.MostRuns : options.Most(Quota.RunsADay), row.OwnBytes ? row.MostBytes : options.Most(Quota.StoredBytes), now);
    }

    private async Task Notice(OrganizationId organization, Meter meter, Totals known, CancellationToken cancel)
    {
        var (runs, bytes) = (QuotaRules.Level(known.Runs, known.MostRuns), QuotaRules.Level(known.Bytes, known.MostBytes));
        var before = meter.Noticed.Day == known.Day ? meter.Noticed : (known.Day, QuotaLevel.Fine, QuotaLevel.Fine);
        if (runs <= before.Item2 && bytes <= before.Item3)
            return;
        await database.Engine(organization).Transact(async transaction =>
        {
            if (runs > before.Item2)
                await room.Notice(transaction, organization, Quota.RunsADay, known.Runs, known.MostRuns!.Value, cancel);
            if (bytes > before.Item3)
                await room.Notice(transaction, organization, Quota.StoredBytes, known.Bytes, known.MostBytes!.Value, cancel);
        }, cancel);
        meter.Noticed = (known.Day, runs > before.Item2 ? runs : before.Item2, bytes > before.Item3 ? bytes : before.Item3);
    }

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
