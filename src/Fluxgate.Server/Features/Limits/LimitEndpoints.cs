using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Limits;

internal static class LimitEndpoints
{
    public static void MapRequestLimits(this IEndpointRouteBuilder routes)
    {
        var limits = routes.MapGroup("/v1/settings/limits").WithTags("settings");
        limits.MapGet("", GetLimits.Handle).WithName("get_limits").Needs(Permissions.OrganizationRead);
        limits.MapPut("", UpdateLimits.Handle).WithName("update_limits").Needs(Permissions.OrganizationWrite);
    }
}
