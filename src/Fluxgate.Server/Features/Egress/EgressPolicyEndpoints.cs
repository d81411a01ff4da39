using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Egress;

internal static class EgressPolicyEndpoints
{
    public static void MapEgressPolicy(this IEndpointRouteBuilder routes)
    {
        var policy = routes.MapGroup("/v1/settings/egress").WithTags("settings");
        policy.MapGet("", GetEgressPolicy.Handle).WithName("get_egress_policy").Needs(Permissions.OrganizationRead);
        policy.MapPut("", UpdateEgressPolicy.Handle).WithName("update_egress_policy").Needs(Permissions.OrganizationWrite);
    }
}
