using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>A new account with an organization of its own.</summary>
public sealed record SignUpRequest(string Email, string Password, string DisplayName, string OrganizationName);

internal static class SignUp
{
    public static async Task<Reply<SessionResponse>> Handle(
        SignUpRequest request, HttpContext context, Accounts accounts, SignInOptions options, BrowserSessions sessions, CancellationToken cancel)
    {
        if (options.Registration != Registration.Open)
            return new Error("sign_up.closed", ErrorKind.Forbidden, options.Registration == Registration.Invite ? "New accounts are made by invitation here; ask an administrator." : "New accounts are not made here.");
        var created = await accounts.CreateOwner(
            new NewOwner(request.Email, request.Password, request.DisplayName, request.OrganizationName, null), new OwnerOccasion("sign_up"), context.Connection.RemoteIpAddress?.ToString(), cancel);
        if (created.Error is { } error)
            return error;
        return await sessions.Begin(context, created.Value.User, request.Email.Trim(), request.DisplayName, cancel);
    }
}
