using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Connectors;

/// <summary>What whoever writes workflows needs of a connector that they may use and perhaps not see.</summary>
public sealed record ConnectorName(Guid Id, string Name, IReadOnlyList<string> Endpoints);

internal static class ListConnectorNames
{
    private sealed record Row(Guid Id, string Name, string[] Endpoints);

    /// <summary>Those that the caller may name in workflows.</summary>
    public static async Task<Reply<Page<ConnectorName>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<Row>($"""
            select c.id, c.name, array(select e ->> 'name' from jsonb_array_elements(c.endpoints) e) as endpoints from connectors c
            where c.organization_id = {caller.Organization} and {Reach.Connectors(caller, Right.Use)} and c.id > {page.After}
            order by c.id
            limit {page.Limit + 1}
            """, cancel);
        return Page<ConnectorName>.Of([.. rows.Select(r => new ConnectorName(r.Id, r.Name, r.Endpoints))], page.Limit, c => c.Id);
    }
}
