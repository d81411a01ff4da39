using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

internal static class GetCredential
{
    public static async Task<Reply<CredentialResponse>> Handle(Guid id, OrganizationCaller caller, HttpContext context, Database database, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<CredentialRow>($"""
            select {CredentialRow.Columns} from credentials where organization_id = {caller.Organization} and id = {id}
            """, cancel);
        if (row is null)
            return CredentialErrors.NotFound;
        EntityTag.Show(context, row.Version);
        return row.ToResponse();
    }
}
