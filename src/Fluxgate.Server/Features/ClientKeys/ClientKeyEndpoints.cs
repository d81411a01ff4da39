using Fluxgate.Engine.Switches;
using Fluxgate.Server.Edge;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.ClientKeys;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class ClientKeyEndpoints
{
    public static void AddClientKeys(this IServiceCollection services) => services.AddSingleton<ClientKeyAuthentication>().AddSingleton<PageOrigins>();

    public static void MapClientKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/client-keys").WithTags("api keys");
        keys.MapPost("", CreateClientKey.Handle).WithName("create_client_key").Needs(Permissions.ApiKeysWrite);
        keys.MapGet("", ListClientKeys.Handle).WithName("list_client_keys").Needs(Permissions.ApiKeysRead);
        keys.MapGet("/{id:guid}", GetClientKey.Handle).WithName("get_client_key").Needs(Permissions.ApiKeysRead);
        keys.MapPut("/{id:guid}", ChangeClientKey.Handle).WithName("change_client_key").Needs(Permissions.ApiKeysWrite);
        keys.MapPost("/{id:guid}/revoke", RevokeClientKey.Handle).WithName("revoke_client_key").Needs(Permissions.ApiKeysWrite);
        routes.MapPost("/v1/client/workflows/{id}/runs", StartPublicRun.Handle).WithName("start_public_run").WithTags("public")
            .IsOpen("a page's client key says for which organization; the workflow is marked public").LimitedAs(LimitClass.ByHandler)
            .WithMetadata(new SwitchedEntrance(Entrance.Api), new ForPages(), new ChangesNoAccess());
    }
}
