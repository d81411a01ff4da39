using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ServiceAccounts;

internal static class ListServiceAccounts
{
    public static async Task<Reply<Page<ServiceAccountResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<ServiceAccountRow>($"""
            select {ServiceAccountRow.Columns} from service_accounts where organization_id = {caller.Organization} and id > {page.After} order by id limit {page.Limit + 1}
            """, cancel);
        return Page<ServiceAccountResponse>.Of([.. rows.Select(r => r.ToResponse())], page.Limit, a => a.Id);
    }
}
