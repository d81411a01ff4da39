using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Connectors;

internal static class ListConnectors
{
    public static async Task<Reply<Page<ConnectorResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<ConnectorRow>($"""
            {ConnectorRow.Selection}
            where c.organization_id = {caller.Organization} and {Reach.Connectors(caller, Right.View)} and c.id > {page.After}
            order by c.id
            limit {page.Limit + 1}
            """, cancel);
        return Page<ConnectorResponse>.Of([.. rows.Select(r => r.ToResponse())], page.Limit, c => c.Id);
    }
}
