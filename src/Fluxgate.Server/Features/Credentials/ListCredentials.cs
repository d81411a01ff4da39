using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Credentials;

internal static class ListCredentials
{
    public static async Task<Reply<Page<CredentialResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<CredentialRow>($"""
            select {CredentialRow.Columns} from credentials k
            where organization_id = {caller.Organization} and {Reach.Credentials(caller, Right.View)} and id > {page.After}
            order by id
            limit {page.Limit + 1}
            """, cancel);
        return Page<CredentialResponse>.Of([.. rows.Select(r => r.ToResponse())], page.Limit, c => c.Id);
    }
}
