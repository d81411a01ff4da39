using System.Globalization;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.SignIn;

public sealed record SignInRequest(string Email, string Password);

internal static class SignIn
{
    private sealed record UserRow(UserId Id, string Email, string DisplayName, string? PasswordHash);

    /// <summary>One answer for a wrong password and an unknown address, after the same work.</summary>
    private static readonly Error Refused = new("sign_in.refused", ErrorKind.Unauthenticated, "Address or password is wrong.");

    private static readonly Error TooMany = new("sign_in.too_many", ErrorKind.TooMany, "Too many tries to sign in; wait as long as Retry-After says.");

    public static async Task<Reply<SessionResponse>> Handle(
        SignInRequest request, HttpContext context, Database database, Passwords passwords, SignInThrottle throttle, BrowserSessions sessions, SignInLog log, CancellationToken cancel)
    {
        if (request.Password.Length > Passwords.MaxLength || request.Email.Length > 254 || !StorableText.Is(request.Email))
            return Refused;
        var address = EmailAddress.Normalise(request.Email);
        if (throttle.Refusal(context.Connection.RemoteIpAddress, address) is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return TooMany;
        }
        var user = await database.Platform.QueryOptional<UserRow>($"""
            select id, email, display_name, password_hash from users where email_norm = {address}
            """, cancel);
        var network = context.Connection.RemoteIpAddress?.ToString();
        var right = await passwords.Verify(request.Password, user?.PasswordHash, cancel);
        if (right.Error is { } busy)
            return busy;
        if (!right.Value)
        {
            if (user is not null)
                log.Failed(user.Id, user.Email, network);
            return Refused;
        }
        throttle.Succeeded(context.Connection.RemoteIpAddress, address);
        await log.Succeeded(user!.Id, user.Email, network, cancel);
        return await sessions.Begin(context, user.Id, user.Email, user.DisplayName, cancel);
    }
}
