using System.Collections.Concurrent;
using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Connections;

/// <summary>
/// The places of connectors that bound how many calls are under way at once, in rows that all nodes share. Those of one node
/// wait in line, and only the first of them looks. A node that dies leaves its places until their time is over.
/// </summary>
public sealed class CallPlaces(Database database, TimeProvider clock, ILogger<CallPlaces> log)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>For what a call does beside its time-out: opening the credential, recording its end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Of a connector that has stopped bounding them while somebody stood in line.</summary>
    private const int MostPlaces = 1000;

    private readonly WaitingLines lines = new();

    /// <summary>The first in line for each connector, to be told when a call of this node ends.</summary>
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> firsts = new();

    /// <summary>
    /// Returns when one of the connector's places is the caller's, for a call that lasts no longer than
    /// <paramref name="longest"/>, or when there is no such connector any more. It is free again when what this gives is disposed.
    /// </summary>
    internal async Task<CallPlace> Take(ResolvedConnector connector, TimeSpan longest, CancellationToken cancel)
    {
        var entering = lines.Enter(connector.Id.ToString(), cancel);
        var stoodInLine = !entering.IsCompleted;
        using var turn = await entering;
        var holder = Uuid.New(clock);
        for (var looks = 0; ; looks++)
        {
            var freed = firsts[connector.Id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                if (!await HasToWait(connector, holder, longest + Grace, cancel))
                    return new CallPlace(this, connector, holder, Waited: stoodInLine || looks > 0);
                await Task.WhenAny(freed.Task, Task.Delay(LookAgainAfter, clock, cancel));
                cancel.ThrowIfCancellationRequested();
            }
            finally
            {
                firsts.TryRemove(connector.Id, out _);
            }
        }
    }

    /// <summary>
    /// Seizes a free place, of as many as the connector has now. Of two nodes that find the same place free one gets it; the
    /// other looks again.
    /// </summary>
    private async Task<bool> HasToWait(ResolvedConnector connector, Guid holder, TimeSpan lease, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return await database.Engine(connector.Organization).QueryOne<bool>($"""
            with seized as (
                insert into connector_calls as c (organization_id, connector_id, place, holder, until)
                select k.organization_id, k.id, p.place, {holder}, {now + lease}
                from connectors k cross join lateral generate_series(1, coalesce(k.max_concurrent_calls, {MostPlaces})) p(place)
                where k.organization_id = {connector.Organization} and k.id = {connector.Id} and not exists (
                    select from connector_calls t
                    where t.organization_id = k.organization_id and t.connector_id = k.id and t.place = p.place and t.until > {now})
                order by p.place
                limit 1
                on conflict (organization_id, connector_id, place) do update set holder = excluded.holder, until = excluded.until
                where c.until <= {now}
                returning place
            )
            select not exists (select from seized) and exists (select from connectors where organization_id = {connector.Organization} and id = {connector.Id})
            """, cancel);
    }

    private async Task Leave(ResolvedConnector connector, Guid holder)
    {
        try
        {
            await database.Engine(connector.Organization).Execute($"""
                delete from connector_calls where organization_id = {connector.Organization} and connector_id = {connector.Id} and holder = {holder}
                """, CancellationToken.None);
        }
        catch (DbException e)
        {
            log.LogWarning("A place of the connector {Connector} is free only when its time is over: {Error}", connector.Id, e.Message);
        }
        if (firsts.TryGetValue(connector.Id, out var first))
            first.TrySetResult();
    }

    /// <summary>A call's place. <paramref name="Waited"/>: what was known of the connector before may be so no longer.</summary>
    internal sealed record CallPlace(CallPlaces Places, ResolvedConnector Connector, Guid Holder, bool Waited) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Places.Leave(Connector, Holder);
    }
}
