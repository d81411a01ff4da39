using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Cluster;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>
/// The beat of a node: holds its place in the cluster, buries the dead, wakes its own runs that have signals, and
/// claims due runs that nobody has. Polling is the truth; whatever wakes a run sooner is only a courtesy.
/// </summary>
internal sealed class WorkPoller(Database database, ClusterNode node, RunHost runs, WorkflowLines lines, EngineOptions options, TimeProvider clock, ILogger<WorkPoller> log) : BackgroundService
{
    /// <summary>Organizations served in one turn, and runs in all and of each: a long queue of one does not make the others wait.</summary>
    private const int OrganizationsATurn = 64;
    private const int RunsATurn = 128;

    /// <summary>Runs that are read back at once. With more of them those of a long queue would be in everybody's way to PostgreSQL.</summary>
    private const int TakeUpsAtOnce = 32;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim takeUps = new(TakeUpsAtOnce);
    private HashSet<RunId> suspects = [];
    private DateTimeOffset nextLook;

    private sealed record WorkRow(OrganizationId OrganizationId, RunId RunId, long DataBytes);

    private sealed record SignalledRow(OrganizationId OrganizationId, RunId RunId, Guid? NodeId);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await node.Join(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the caller's thread: hosted services start one after the other.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Turn(stoppingToken);
            }
            catch (DbException e)
            {
                log.LogWarning("PostgreSQL does not answer: {Error}", e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "The look for work failed");
            }
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(options.PollMilliseconds), clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        runs.DropAll();
        await node.Leave(cancellationToken);
    }

    private async Task Turn(CancellationToken cancel)
    {
        if (!await node.Beat(cancel))
        {
            // Others may have this node's runs by now; the journal's fence protects them, the memory must go.
            log.LogWarning("The node lost its lock and enters the cluster anew");
            runs.DropAll();
            await node.Join(cancel);
        }
        await node.BuryTheDead(cancel);
        await WakeSignalled(cancel);
        await LookForLost(cancel);
        while (runs.FreePlaces > 0 && runs.FreeBytes > 0 && await ClaimDue(cancel) > 0)
        {
        }
    }

    private async Task WakeSignalled(CancellationToken cancel)
    {
        var signalled = await database.Platform.Query<SignalledRow>($"""
            select distinct s.organization_id, s.run_id, w.node_id
            from run_signals s cross join lateral (
                select node_id from run_work w where w.organization_id = s.organization_id and w.run_id = s.run_id offset 0) w
            where w.node_id is null or w.node_id = {node.Id}
            limit 1000
            """, cancel);
        foreach (var row in signalled)
            await runs.Wake(row.OrganizationId, row.RunId, cancel);
        // A signal that came after its run had ended concerns nobody.
        await database.Platform.Execute($"""
            delete from run_signals s where s.created_at < {clock.GetUtcNow().AddMinutes(-1)}
            and not exists (select from run_work w where w.organization_id = s.organization_id and w.run_id = s.run_id)
            """, cancel);
    }

    /// <summary>What is left by trouble with the database, and by nodes that died.</summary>
    private async Task LookForLost(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (now < nextLook)
            return;
        nextLook = now + BetweenLooks;
        await FreeLost(cancel);
        await lines.LookAfterAll(cancel);
    }

    /// <summary>A run that is ours and not in memory at two looks was lost by trouble with the database, not by being under way.</summary>
    private async Task FreeLost(CancellationToken cancel)
    {
        var absent = (await database.Platform.Query<RunId>($"select run_id from run_work where node_id = {node.Id}", cancel)).Where(r => !runs.IsLive(r)).ToHashSet();
        await runs.FreeLost([.. absent.Where(suspects.Contains)], cancel);
        suspects = absent;
    }

    private async Task<int> ClaimDue(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var full = runs.Full.Select(o => o.Value).ToArray();
        var (limit, room) = (Math.Min(runs.FreePlaces, RunsATurn), runs.FreeBytes);
        var claimed = await database.Platform.Transact(async transaction =>
        {
            // A loose index scan: one probe for each organization that has free work, whatever the length of its queue.
            var organizations = await transaction.Query<Guid>($"""
                with recursive pending as (
                    (select organization_id, due_at from run_work where node_id is null order by organization_id, due_at limit 1)
                    union all
                    select n.organization_id, n.due_at from pending p cross join lateral (
                        select organization_id, due_at from run_work
                        where node_id is null and organization_id > p.organization_id order by organization_id, due_at limit 1) n
                )
                select p.organization_id from pending p left join work_turns t on t.organization_id = p.organization_id
                where p.due_at <= {now} and p.organization_id <> all ({full}::uuid[])
                order by t.served_at nulls first
                limit {OrganizationsATurn}
                """, cancel);
            if (organizations.Count == 0)
                return [];
            var ids = organizations.ToArray();
            var each = Math.Max(RunsATurn / ids.Length, 1);
            // A queue that has grown since PostgreSQL last counted is taken for short, read whole and sorted for a few rows.
            await transaction.Execute($"select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)", cancel);
            // As many as there is room for; the first in any case, so that none is too large to be taken up at all.
            var rows = await transaction.Query<WorkRow>($"""
                update run_work u set node_id = {node.Id}
                from (
                    select organization_id, run_id, sum(data_bytes) over (rows between unbounded preceding and current row) - data_bytes as before from (
                        select d.organization_id, d.run_id, d.data_bytes from unnest({ids}::uuid[]) o(id) cross join lateral (
                            select organization_id, run_id, data_bytes from run_work
                            where organization_id = o.id and node_id is null and due_at <= {now}
                            order by due_at limit {each} for update skip locked) d
                        limit {limit}) e
                ) c
                where u.organization_id = c.organization_id and u.run_id = c.run_id and c.before < {room}
                returning u.organization_id, u.run_id, u.data_bytes
                """, cancel);
            await transaction.Execute($"""
                insert into work_turns (organization_id, served_at) select unnest({ids}::uuid[]), {now}
                on conflict (organization_id) do update set served_at = excluded.served_at
                """, cancel);
            return rows;
        }, cancel);
        foreach (var row in claimed)
        {
            await takeUps.WaitAsync(cancel);
            _ = TakeUp(row);
        }
        return claimed.Count;
    }

    private async Task TakeUp(WorkRow row)
    {
        try
        {
            await runs.TakeUp(row.OrganizationId, row.RunId, row.DataBytes);
        }
        finally
        {
            takeUps.Release();
        }
    }

    public override void Dispose()
    {
        takeUps.Dispose();
        base.Dispose();
    }
}
