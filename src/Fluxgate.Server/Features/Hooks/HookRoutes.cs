using System.Collections.Concurrent;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Workflows;

namespace Fluxgate.Server.Features.Hooks;

internal sealed record HookRoute(OrganizationId OrganizationId, WorkflowId WorkflowId, string Name, WorkflowState State, int PublishedVersion);

/// <summary>
/// Where the addresses below <c>/hooks</c> lead. What was read counts for half a second, so that a busy address does not
/// ask PostgreSQL each time and a change on another node is seen within a second; a change on this node is seen at once.
/// </summary>
internal sealed class HookRoutes(Database database, TimeProvider clock)
{
    private const int Most = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    private sealed record Address(string Organization, string Path, string Method);

    private sealed record Known(int Generation, long ReadAt, Lazy<Task<HookRoute?>> Route);

    private readonly ConcurrentDictionary<Address, Known> known = new();
    private int generation;

    /// <summary>Null: nothing answers there.</summary>
    public async Task<HookRoute?> Find(string organization, string path, string method)
    {
        if (path.Length is 0 or > 100 || organization.Length > 63)
            return null;
        var address = new Address(organization, path, method);
        if (known.TryGetValue(address, out var found) && IsFresh(found))
            return await found.Route.Value;
        // Those who ask meanwhile wait for the one reading. Its age counts from before it.
        var reading = new Known(Volatile.Read(ref generation), clock.GetTimestamp(), new Lazy<Task<HookRoute?>>(() => Read(address)));
        var kept = known.AddOrUpdate(address, reading, (_, other) => IsFresh(other) ? other : reading);
        if (known.Count > Most)
            known.Clear();
        HookRoute? route = null;
        try
        {
            return route = await kept.Route.Value;
        }
        finally
        {
            // Neither failures nor the addresses that strangers try are kept.
            if (route is null)
                known.TryRemove(KeyValuePair.Create(address, kept));
        }
    }

    /// <summary>What is known may be wrong now: a workflow of this node was published, paused, resumed or archived.</summary>
    public void Forget() => Interlocked.Increment(ref generation);

    private bool IsFresh(Known route) => route.Generation == Volatile.Read(ref generation) && clock.GetElapsedTime(route.ReadAt) < Fresh;

    /// <summary>The organization and route are read before anything proves the sender: under the platform's role, from the address alone.</summary>
    private async Task<HookRoute?> Read(Address address)
    {
        var organization = await database.Platform.QueryOptional<Guid?>($"select id from organizations where slug = {address.Organization}", CancellationToken.None);
        if (organization is not { } id)
            return null;
        return await database.Engine(new OrganizationId(id)).QueryOptional<HookRoute>($"""
            select w.organization_id, w.id as workflow_id, w.name, w.state, w.published_version
            from webhook_routes r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
            where r.organization_id = {id} and r.path = {address.Path} and r.method = {address.Method}
            """, CancellationToken.None);
    }
}
