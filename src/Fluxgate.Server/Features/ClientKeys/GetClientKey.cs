using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class GetClientKey
{
    public static async Task<Reply<ClientKeyResponse>> Handle(Guid id, OrganizationCaller caller, HttpContext context, Database database, CancellationToken cancel)
    {
        if (await database.As(caller).QueryOptional<ClientKeyRow>(ClientKeyRow.Of(caller, id), cancel) is not { } row)
            return ClientKeyRow.NotFound;
        EntityTag.Show(context, row.Revision);
        return row.ToResponse();
    }
}
