using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Usage;

internal static class UsageEndpoints
{
    public static void MapUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/usage", GetUsage.Handle).WithName("get_usage").WithTags("organization").Needs(Permissions.OrganizationRead);
}
