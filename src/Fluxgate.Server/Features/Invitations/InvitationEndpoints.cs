using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Invitations;

internal static class InvitationEndpoints
{
    public static void AddInvitations(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSection<InvitationOptions>(configuration, InvitationOptions.Section);

    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var invitations = routes.MapGroup("/v1/invitations").WithTags("members");
        invitations.MapPost("", CreateInvitation.Handle).WithName("create_invitation").WithMetadata(new ShowsSecret()).Needs(Permissions.MembersWrite);
        invitations.MapGet("", ListInvitations.Handle).WithName("list_invitations").Needs(Permissions.MembersRead);
        invitations.MapDelete("/{id:guid}", RevokeInvitation.Handle).WithName("revoke_invitation").Needs(Permissions.MembersWrite);
        invitations.MapPost("/accept", AcceptInvitation.Handle).WithName("accept_invitation").IsOpen("the invited may have no account yet; needs the invitation's token");
    }
}
