using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.SignIn;

namespace Fluxgate.Server.Security;

internal sealed record AuthenticatedSession(PersonCaller Person, Membership? Membership);

/// <summary>
/// Signs in by the session cookie. Unsafe methods also need the CSRF token, which other sites cannot read, and must
/// come from our own pages as far as the browser tells.
/// </summary>
internal sealed class SessionAuthentication(Database database, RequestOrigin origin, SignInOptions options, TimeProvider clock)
{
    private static readonly TimeSpan UseIsWrittenAfter = TimeSpan.FromMinutes(1);

    private sealed record SessionRow(Guid Id, UserId UserId, string Email, string DisplayName, DateTimeOffset LastSeenAt, OrganizationId? OrganizationId,
        string[]? Roles, string[] GroupRoles, Guid[] Groups, string[] OwnPermissions, bool HasRestrictions);

    private static readonly Error SignedOut = new("session.missing", ErrorKind.Unauthenticated, "Sign in first, or send an API key.");
    private static readonly Error ForeignOrigin = new("session.origin", ErrorKind.Forbidden, "A changing request by cookie must come from this address's own pages.");

    /// <summary><paramref name="isUse"/>: whether this counts as activity of the person.</summary>
    public async Task<Result<AuthenticatedSession>> Authenticate(HttpContext context, string? organization, bool isUse)
    {
        if (!context.Request.Cookies.TryGetValue(SessionCookie.Name, out var token) || token.Length is 0 or > 100)
            return SignedOut;
        var now = clock.GetUtcNow();
        var organizationId = Guid.TryParseExact(organization, "D", out var id) ? id : (Guid?)null;
        // One round trip: the session, and the membership in the organization that the route names with what it brings.
        var row = await database.Platform.QueryOptional<SessionRow>($"""
            select s.id, s.user_id, u.email, u.display_name, s.last_seen_at, {Membership.Columns}
            from sessions s
            join users u on u.id = s.user_id
            left join organizations o on o.id = {organizationId} or o.slug = {organization}
            left join members m on m.organization_id = o.id and m.user_id = s.user_id
            {Membership.Join}
            where s.token_hash = {SecretToken.Hash(token)} and s.expires_at > {now} and s.last_seen_at > {now.AddMinutes(-options.SessionIdleMinutes)}
            """, context.RequestAborted);
        if (row is null)
            return SignedOut;

        var csrf = SessionCookie.CsrfToken(token);
        if (!IsSafe(context.Request.Method))
        {
            if (!origin.IsOurs(context.Request))
                return ForeignOrigin;
            if (!SecretToken.Equal(context.Request.Headers[SessionCookie.CsrfHeader].ToString(), csrf))
                return new Error("session.csrf", ErrorKind.Forbidden, $"A changing request by cookie needs the header {SessionCookie.CsrfHeader}; GET /v1/me tells its value.");
        }
        if (isUse && now - row.LastSeenAt >= UseIsWrittenAfter)
            await NoteUse(row, now, context.RequestAborted);

        var actor = new Actor(ActorKind.User, row.UserId.Value, row.Email) { Network = context.Connection.RemoteIpAddress?.ToString() };
        return new AuthenticatedSession(
            new PersonCaller(row.UserId, actor, row.Id, row.Email, row.DisplayName, csrf),
            row.OrganizationId is { } found ? Membership.Of(found, row.Roles!, row.GroupRoles, row.Groups, row.OwnPermissions, row.HasRestrictions) : null);
    }

    /// <summary>At most once a minute, so that reading pages does not become writing.</summary>
    private Task<int> NoteUse(SessionRow row, DateTimeOffset now, CancellationToken cancel) => database.Platform.Execute($"""
        update sessions set last_seen_at = {now} where user_id = {row.UserId} and id = {row.Id} and last_seen_at < {now}
        """, cancel);

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
