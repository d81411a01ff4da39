using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

internal static class RoleEndpoints
{
    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        var roles = routes.MapGroup("/v1/roles").WithTags("members");
        roles.MapGet("", ListRoles.Handle).WithName("list_roles").Needs(Permissions.MembersRead);
        roles.MapPost("", CreateRole.Handle).WithName("create_role").Needs(Permissions.RolesWrite);
        roles.MapGet("/{name}", GetRole.Handle).WithName("get_role").Needs(Permissions.MembersRead);
        roles.MapPut("/{name}", ChangeRole.Handle).WithName("change_role").Needs(Permissions.RolesWrite);
        roles.MapDelete("/{name}", DeleteRole.Handle).WithName("delete_role").Needs(Permissions.RolesWrite);
    }
}
