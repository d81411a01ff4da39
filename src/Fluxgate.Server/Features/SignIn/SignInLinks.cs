using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>
/// One-time links that sign a person in, made by whoever runs the installation (the demo prints them). The token stands
/// in the fragment, which no server sees, and is kept as a hash.
/// </summary>
public sealed class SignInLinks(Database database, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The path of a link for that address; null if nobody has it.</summary>
    public async Task<string?> Create(string email, CancellationToken cancel)
    {
        var user = await database.Platform.QueryOptional<Guid?>($"select id from users where email_norm = {EmailAddress.Normalise(email)}", cancel);
        if (user is null)
            return null;
        var token = SecretToken.New();
        await database.Platform.Execute($"""
            insert into sign_in_links (user_id, token_hash, expires_at) values ({user}, {SecretToken.Hash(token)}, {clock.GetUtcNow() + Lifetime})
            """, cancel);
        return $"/sign-in#{token}";
    }

    /// <summary>The person of a link, which is spent by this.</summary>
    internal Task<LinkedPerson?> Redeem(string token, CancellationToken cancel) => database.Platform.QueryOptional<LinkedPerson>($"""
        with spent as (delete from sign_in_links where token_hash = {SecretToken.Hash(token)} returning user_id, expires_at)
        select u.id, u.email, u.display_name from spent s join users u on u.id = s.user_id where s.expires_at > {clock.GetUtcNow()}
        """, cancel);
}

internal sealed record LinkedPerson(UserId Id, string Email, string DisplayName);

/// <summary>The token of a sign-in link.</summary>
public sealed record SignInLinkRequest(string Token);

internal static class RedeemSignInLink
{
    private static readonly Error Refused = new("sign_in_link.refused", ErrorKind.Unauthenticated, "The link is unknown, used or too old; ask for a new one.");

    public static async Task<Reply<SessionResponse>> Handle(
        SignInLinkRequest request, HttpContext context, SignInLinks links, BrowserSessions sessions, SignInLog log, CancellationToken cancel)
    {
        if (request.Token.Length is 0 or > 100 || await links.Redeem(request.Token, cancel) is not { } person)
            return Refused;
        await log.Succeeded(person.Id, person.Email, context.Connection.RemoteIpAddress?.ToString(), cancel);
        return await sessions.Begin(context, person.Id, person.Email, person.DisplayName, cancel);
    }
}
