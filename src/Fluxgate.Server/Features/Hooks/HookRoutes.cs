using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Hooks;

internal sealed record HookRoute(OrganizationId OrganizationId, WorkflowId WorkflowId, string Name, WorkflowState State, int PublishedVersion);

/// <summary>Where the addresses below <c>/hooks</c> lead.</summary>
internal sealed class HookRoutes(Database database, TimeProvider clock)
{
    private sealed record Address(string Organization, string Path, string Method);

    private readonly BriefMemory<Address, HookRoute> known = new(clock);

    /// <summary>Null: nothing answers there.</summary>
    public ValueTask<HookRoute?> Find(string organization, string path, string method) =>
        path.Length is 0 or > 100 || organization.Length > 63 ? new((HookRoute?)null) : known.Get(new Address(organization, path, method), Read);

    /// <summary>A workflow of this node was published, paused, resumed or archived.</summary>
    public void Forget() => known.Forget();

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
