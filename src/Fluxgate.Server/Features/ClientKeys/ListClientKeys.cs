using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class ListClientKeys
{
    /// <summary>The newest first.</summary>
    public static async Task<Reply<Page<ClientKeyResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<ClientKeyRow>($"""
            select {ClientKeyRow.Columns} from client_keys where organization_id = {caller.Organization} and id < {page.Before} order by id desc limit {page.Limit + 1}
            """, cancel);
        return Page<ClientKeyResponse>.Of([.. rows.Select(r => r.ToResponse())], page.Limit, k => k.Id);
    }
}
