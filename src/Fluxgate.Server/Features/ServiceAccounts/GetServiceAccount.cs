using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ServiceAccounts;

internal static class GetServiceAccount
{
    public static async Task<Reply<ServiceAccountResponse>> Handle(OrganizationCaller caller, Guid id, HttpContext context, Database database, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<ServiceAccountRow>($"select {ServiceAccountRow.Columns} from service_accounts where organization_id = {caller.Organization} and id = {id}", cancel);
        if (row is null)
            return ServiceAccountRow.NotFound;
        EntityTag.Show(context, row.Revision);
        return row.ToResponse();
    }
}
