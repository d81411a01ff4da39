using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Quotas;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Invitations;

/// <summary>Joins the organization. Who has no account gives a name and a password and gets one; who has, is signed in with the invited address.</summary>
public sealed record AcceptInvitationRequest(string Token, string? DisplayName = null, string? Password = null)
{
    public override string ToString() => "invitation";
}

/// <summary><paramref name="Session"/> is there if an account was made; its cookie comes with it.</summary>
public sealed record AcceptedInvitation(OrganizationId OrganizationId, string Slug, IReadOnlyList<string> Roles, SessionResponse? Session);

internal static class AcceptInvitation
{
    private static readonly Error OtherAddress = new("invitation.other_address", ErrorKind.Forbidden, "The invitation is for another address than the one you are signed in with.");
    private static readonly Error SignInFirst = new("invitation.sign_in", ErrorKind.Unauthenticated, "There is an account with the invited address; sign in with it and accept again.");
    private static readonly Error AccountsClosed = new("sign_up.closed", ErrorKind.Forbidden, "New accounts are not made here.");
    private static readonly Error AlreadyMember = Error.Conflict("invitation.already_member", "You are a member already.");

    private sealed record InvitationRow(OrganizationId OrganizationId, string Slug, Guid Id, string Email, string EmailNorm, string[] Roles);

    /// <summary>Who joins: the user if there is one, or what a new one is made from.</summary>
    private sealed record Joining(UserId? User, string Email, string DisplayName, string? PasswordHash);

    public static async Task<Reply<AcceptedInvitation>> Handle(
        AcceptInvitationRequest request, HttpContext context, Database database, SessionAuthentication authentication, Accounts accounts,
        Passwords passwords, SignInOptions options, BrowserSessions sessions, QuotaRoom quotas, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var invitation = await Find(database, request.Token, clock.GetUtcNow(), cancel);
        if (invitation is null)
            return Error.NotFound("invitation");
        var joining = await SignedIn(context, authentication, invitation);
        if (joining.Error is { } refused)
            return refused;
        var who = joining.Value;
        if (who is null)
        {
            if (await database.Platform.QueryOne<bool>($"select exists (select from users where email_norm = {invitation.EmailNorm})", cancel))
                return SignInFirst;
            if (options.Registration == Registration.Closed)
                return AccountsClosed;
            if (new Checks().Text(request.DisplayName, "/display_name", 1, 200).Text(request.Password, "/password", Passwords.MinLength, Passwords.MaxLength).Error() is { } invalid)
                return invalid;
            var hash = await passwords.Hash(request.Password!, cancel);
            if (hash.Error is { } busy)
                return busy;
            who = new Joining(null, invitation.Email, request.DisplayName!, hash.Value);
        }

        var network = context.Connection.RemoteIpAddress?.ToString();
        var joined = await database.Platform.Attempt(transaction => Join(transaction, invitation, who, network, accounts, quotas, audit, clock.GetUtcNow(), cancel), cancel);
        if (joined.Error is { } error)
            return error;
        var session = who.User is null ? await sessions.Begin(context, joined.Value, who.Email, who.DisplayName, cancel) : null;
        return new AcceptedInvitation(invitation.OrganizationId, invitation.Slug, invitation.Roles, session);
    }

    private static async Task<InvitationRow?> Find(Database database, string token, DateTimeOffset now, CancellationToken cancel) => token.Length > 100
        ? null
        : await database.Platform.QueryOptional<InvitationRow>($"""
            select i.organization_id, o.slug, i.id, i.email, i.email_norm, i.roles
            from invitations i join organizations o on o.id = i.organization_id
            where i.token_hash = {SecretToken.Hash(token)} and i.accepted_at is null and i.revoked_at is null and i.expires_at > {now}
            """, cancel);

    /// <summary>Null for who is not signed in. A forwarded link must not let another account in: the address is what was invited.</summary>
    private static async Task<Result<Joining?>> SignedIn(HttpContext context, SessionAuthentication authentication, InvitationRow invitation)
    {
        var session = await authentication.Authenticate(context, null, isUse: true);
        if (session.Error is { } error)
            return error.Kind == ErrorKind.Unauthenticated ? (Joining?)null : error;
        var person = session.Value.Person;
        return EmailAddress.Normalise(person.Email) == invitation.EmailNorm
            ? new Joining(person.User, person.Email, person.DisplayName, null)
            : OtherAddress;
    }

    private static async Task<Result<UserId>> Join(
        Transaction transaction, InvitationRow invitation, Joining who, string? network, Accounts accounts, QuotaRoom quotas, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        // First, so that of two who hold the link one waits here and then finds it spent.
        if (await transaction.Execute($"""
            update invitations set accepted_at = {now}
            where organization_id = {invitation.OrganizationId} and id = {invitation.Id} and accepted_at is null and revoked_at is null and expires_at > {now}
            """, cancel) == 0)
            return Error.NotFound("invitation");
        var user = who.User is { } known ? known : await accounts.InsertUser(transaction, who.Email, who.DisplayName, who.PasswordHash!, cancel);
        if (user.Error is { } taken)
            return taken;
        if (await transaction.Execute($"""
            insert into members (organization_id, user_id, email, display_name, roles, created_at)
            values ({invitation.OrganizationId}, {user.Value}, {who.Email}, {who.DisplayName}, {invitation.Roles}, {now})
            on conflict (organization_id, user_id) do nothing
            """, cancel) == 0)
            return AlreadyMember;
        if (await quotas.Check(transaction, invitation.OrganizationId, Quota.Members, () => transaction.QueryOne<long>($"select count(*) from members where organization_id = {invitation.OrganizationId}", cancel), cancel) is { } full)
            return full;
        var actor = new Actor(ActorKind.User, user.Value.Value, who.Email) { Network = network };
        await audit.Append(transaction, invitation.OrganizationId, new AuditEntry("invitation.accepted", "create", actor, new AuditResource("member", user.Value.Value, who.Email))
        {
            Details = JsonConventions.Object(new { invitation_id = invitation.Id, invitation.Roles }),
        }, cancel);
        return user.Value;
    }
}
