using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>What a browser gets at sign-in; the cookie comes beside it.</summary>
public sealed record SessionResponse(UserId UserId, string Email, string DisplayName, string CsrfToken, DateTimeOffset ExpiresAt);

/// <summary>Begins and ends browser sessions.</summary>
internal sealed class BrowserSessions(Database database, SignInOptions options, TimeProvider clock)
{
    public async Task<SessionResponse> Begin(HttpContext context, UserId user, string email, string displayName, CancellationToken cancel)
    {
        var token = SecretToken.New();
        var now = clock.GetUtcNow();
        var expires = now.AddHours(options.SessionHours);
        var agent = context.Request.Headers.UserAgent.ToString();
        // The person's sessions that are over go by the way.
        await database.Platform.Execute($"""
            with over as (
                delete from sessions where user_id = {user} and (expires_at <= {now} or last_seen_at <= {now.AddMinutes(-options.SessionIdleMinutes)})
            )
            insert into sessions (user_id, id, token_hash, created_at, last_seen_at, expires_at, network, user_agent)
            values ({user}, {Uuid.New(clock)}, {SecretToken.Hash(token)}, {now}, {now}, {expires},
                    {context.Connection.RemoteIpAddress?.ToString()}, {StorableText.Clean(StorableText.Cut(agent, 300))})
            """, cancel);
        SessionCookie.Set(context, token, expires);
        return new SessionResponse(user, email, displayName, SessionCookie.CsrfToken(token), expires);
    }

    public async Task End(HttpContext context, PersonCaller caller, CancellationToken cancel)
    {
        await database.As(caller).Execute($"delete from sessions where user_id = {caller.User} and id = {caller.SessionId}", cancel);
        SessionCookie.Clear(context);
    }
}
