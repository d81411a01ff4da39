using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Invitations;

public sealed record CreateInvitationRequest(string Email, string[] Roles);

/// <summary>The invitation with its link, which is shown here and never again. The token stands in the fragment, which no server sees.</summary>
public sealed record CreatedInvitation(Guid Id, string Email, IReadOnlyList<string> Roles, string Token, string Link, DateTimeOffset ExpiresAt);

internal static class CreateInvitation
{
    private static readonly Error AlreadyMember = Error.Conflict("invitation.already_member", "This address belongs to a member.");
    private static readonly Error Raced = Error.Conflict("invitation.raced", "This address is being invited by somebody else right now.");

    public static async Task<Created<CreatedInvitation>> Handle(
        CreateInvitationRequest request, OrganizationCaller caller, Database database, InstallationOptions installation,
        InvitationOptions options, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var email = request.Email.Trim();
        if (new Checks().That(EmailAddress.IsPlausible(email), "/email", "email", "An e-mail address has one @ and no spaces.").Roles(request.Roles).Error() is { } invalid)
            return invalid;
        var token = SecretToken.New();
        var invitation = new CreatedInvitation(
            Uuid.New(clock), email, request.Roles, token, $"{installation.PublicUrl?.TrimEnd('/')}/join#{token}", clock.GetUtcNow().AddDays(options.Days));
        var result = await database.As(caller).Attempt(transaction => Insert(transaction, invitation, caller, audit, clock.GetUtcNow(), cancel), cancel);
        return result.Error is { } error ? error : Created<CreatedInvitation>.At(invitation.Id, invitation);
    }

    private static async Task<Result<Done>> Insert(
        Transaction transaction, CreatedInvitation invitation, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        if (await RoleGranting.Refusal(transaction, caller, [], invitation.Roles, cancel) is { } refused)
            return refused;
        var normalised = EmailAddress.Normalise(invitation.Email);
        if (await transaction.QueryOne<bool>($"select exists (select from members where organization_id = {caller.Organization} and lower(email) = {normalised})", cancel))
            return AlreadyMember;
        await transaction.Execute($"""
            update invitations set revoked_at = {now}
            where organization_id = {caller.Organization} and email_norm = {normalised} and accepted_at is null and revoked_at is null
            """, cancel);
        if (await transaction.Execute($"""
            insert into invitations (organization_id, id, email, email_norm, roles, token_hash, invited_by, created_at, expires_at)
            values ({caller.Organization}, {invitation.Id}, {invitation.Email}, {normalised}, {invitation.Roles.ToArray()}, {SecretToken.Hash(invitation.Token)},
                    {caller.User}, {now}, {invitation.ExpiresAt})
            on conflict do nothing
            """, cancel) == 0)
            return Raced;
        await audit.Append(transaction, caller.Organization, new AuditEntry("invitation.created", "create", caller.Actor, new AuditResource("invitation", invitation.Id, invitation.Email))
        {
            Details = JsonConventions.Object(new { invitation.Roles, invitation.ExpiresAt }),
        }, cancel);
        return default(Done);
    }
}
