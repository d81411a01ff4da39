using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Access;

internal static class AccessEndpoints
{
    public static void AddAccess(this IServiceCollection services) => services.AddSingleton<ResourceGate>().AddSingleton<AccessReader>();

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        MapAccess(routes, "/v1/workflows/{id:guid}/access", ResourceKind.Workflow);
        MapAccess(routes, "/v1/folders/{id:guid}/access", ResourceKind.Folder);
        MapAccess(routes, "/v1/connectors/{id:guid}/access", ResourceKind.Connector);
        MapAccess(routes, "/v1/credentials/{id:guid}/access", ResourceKind.Credential);
    }

    private static void MapAccess(IEndpointRouteBuilder routes, string path, ResourceKind kind)
    {
        var name = SnakeCase.From(kind);
        // The handlers read which kind it is from this metadata.
        var access = routes.MapGroup(path).WithTags("access");
        access.MapGet("", GetAccess.Handle).WithName($"get_{name}_access").Needs(Permissions.GrantsRead).On(kind, Right.View);
        access.MapPut("", SetAccess.Handle).WithName($"set_{name}_access").Needs(Permissions.GrantsWrite).On(kind, Right.Edit);
        access.MapGet("/reach", ListReach.Handle).WithName($"list_{name}_reach").Needs(Permissions.GrantsRead).On(kind, Right.View);
    }

    internal static ResourceKind Kind(HttpContext context) => context.GetEndpoint()!.Metadata.GetRequiredMetadata<ResourceAccess>().Kind;
}
