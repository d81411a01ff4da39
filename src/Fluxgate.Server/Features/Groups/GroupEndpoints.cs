using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/v1/groups").WithTags("members");
        groups.MapGet("", ListGroups.Handle).WithName("list_groups").Needs(Permissions.MembersRead);
        groups.MapPost("", CreateGroup.Handle).WithName("create_group").Needs(Permissions.MembersWrite);
        groups.MapPut("/{id:guid}/members", SetGroupMembers.Handle).WithName("set_group_members").Needs(Permissions.MembersWrite);
        groups.MapPut("/{id:guid}/roles", SetGroupRoles.Handle).WithName("set_group_roles").Needs(Permissions.MembersWrite);
        groups.MapDelete("/{id:guid}", DeleteGroup.Handle).WithName("delete_group").Needs(Permissions.MembersWrite);
    }
}
