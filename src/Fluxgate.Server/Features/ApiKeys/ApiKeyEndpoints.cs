using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static void AddApiKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<ApiKeyOptions>(configuration, ApiKeyOptions.Section);
        services.AddSingleton<ApiKeyAuthentication>().AddSingleton<ApiKeyIssuer>();
    }

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/api-keys").WithTags("api keys");
        keys.MapPost("", CreateApiKey.Handle).WithName("create_api_key").WithMetadata(new ShowsSecret()).Needs(Permissions.ApiKeysWrite);
        keys.MapGet("", ListApiKeys.Handle).WithName("list_api_keys").Needs(Permissions.ApiKeysRead);
        keys.MapGet("/{id:guid}", GetApiKey.Handle).WithName("get_api_key").Needs(Permissions.ApiKeysRead);
        keys.MapPost("/{id:guid}/rotate", RotateApiKey.Handle).WithName("rotate_api_key").WithMetadata(new ShowsSecret()).Needs(Permissions.ApiKeysWrite);
        keys.MapPost("/{id:guid}/suspend", SuspendApiKey.Suspend).WithName("suspend_api_key").Needs(Permissions.ApiKeysWrite);
        keys.MapPost("/{id:guid}/restore", SuspendApiKey.Restore).WithName("restore_api_key").Needs(Permissions.ApiKeysWrite);
        keys.MapPost("/{id:guid}/revoke", RevokeApiKey.Handle).WithName("revoke_api_key").Needs(Permissions.ApiKeysWrite);
        routes.MapPost("/v1/leak-reports", ReportLeak.Handle).WithName("report_leaked_key").WithTags("api keys").IsOpen("whoever finds a key may have it revoked; the key itself is the proof");
    }
}
