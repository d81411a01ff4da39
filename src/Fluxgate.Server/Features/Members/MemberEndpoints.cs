using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Members;

internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/v1/members").WithTags("members");
        members.MapGet("", ListMembers.Handle).WithName("list_members").Needs(Permissions.MembersRead);
        members.MapPut("/{user_id:guid}", ChangeRoles.Handle).WithName("change_member_roles").Needs(Permissions.MembersWrite);
        members.MapDelete("/{user_id:guid}", RemoveMember.Handle).WithName("remove_member").Needs(Permissions.MembersWrite);
    }
}
