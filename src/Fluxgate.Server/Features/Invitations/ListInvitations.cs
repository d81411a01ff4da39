using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Invitations;

public enum InvitationState
{
    Open,
    Accepted,
    Revoked,
    Expired,
}

public sealed record InvitationResponse(
    Guid Id, string Email, InvitationState State, IReadOnlyList<string> Roles, UserId? InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

internal static class ListInvitations
{
    private sealed record InvitationRow(
        Guid Id, string Email, string[] Roles, UserId? InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? AcceptedAt, DateTimeOffset? RevokedAt);

    public static async Task<Reply<Page<InvitationResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var rows = await database.As(caller).Query<InvitationRow>($"""
            select id, email, roles, invited_by, created_at, expires_at, accepted_at, revoked_at from invitations
            where organization_id = {caller.Organization} and id < {page.Before}
            order by id desc
            limit {page.Limit + 1}
            """, cancel);
        return Page<InvitationResponse>.Of(
            [.. rows.Select(r => new InvitationResponse(r.Id, r.Email, State(r, now), r.Roles, r.InvitedBy, r.CreatedAt, r.ExpiresAt))], page.Limit, i => i.Id);
    }

    private static InvitationState State(InvitationRow row, DateTimeOffset now) => row switch
    {
        { AcceptedAt: not null } => InvitationState.Accepted,
        { RevokedAt: not null } => InvitationState.Revoked,
        _ => row.ExpiresAt <= now ? InvitationState.Expired : InvitationState.Open,
    };
}
