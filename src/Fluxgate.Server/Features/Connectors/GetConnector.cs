using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

internal static class GetConnector
{
    public static async Task<Reply<ConnectorResponse>> Handle(Guid id, OrganizationCaller caller, HttpContext context, Database database, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<ConnectorRow>($"""
            {ConnectorRow.Selection} where c.organization_id = {caller.Organization} and c.id = {id}
            """, cancel);
        if (row is null)
            return ConnectorErrors.NotFound;
        EntityTag.Show(context, row.Version);
        return row.ToResponse();
    }
}
