using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Organizations;

internal static class OrganizationEndpoints
{
    public static void MapOrganizations(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/v1/organization").WithTags("organization");
        own.MapGet("", GetOrganization.Handle).WithName("get_organization").Needs(Permissions.OrganizationRead);
        own.MapPut("", UpdateOrganization.Handle).WithName("update_organization").Needs(Permissions.OrganizationWrite);

        var mine = routes.MapGroup("/v1/orgs").WithTags("me");
        mine.MapGet("", ListMyOrganizations.Handle).WithName("list_my_organizations").NeedsPerson();
        mine.MapPost("", CreateOrganization.Handle).WithName("create_organization").NeedsPerson();
    }
}
