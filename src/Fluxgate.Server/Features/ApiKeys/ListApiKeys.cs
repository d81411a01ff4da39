using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

internal static class ListApiKeys
{
    public static async Task<Reply<Page<ApiKeyResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<ApiKeyRow>($"""
            select {ApiKeyRow.Columns} from api_keys
            where organization_id = {caller.Organization} and id < {page.Before}
            order by id desc
            limit {page.Limit + 1}
            """, cancel);
        var now = clock.GetUtcNow();
        return Page<ApiKeyResponse>.Of([.. rows.Select(r => r.ToResponse(now, options))], page.Limit, k => k.Id);
    }
}
