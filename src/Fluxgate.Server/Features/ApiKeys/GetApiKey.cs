using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

internal static class GetApiKey
{
    public static async Task<Reply<ApiKeyResponse>> Handle(Guid id, OrganizationCaller caller, Database database, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<ApiKeyRow>(ApiKeyRow.Of(caller, id), cancel);
        return row is null ? Error.NotFound("api_key") : row.ToResponse(clock.GetUtcNow(), options);
    }
}
