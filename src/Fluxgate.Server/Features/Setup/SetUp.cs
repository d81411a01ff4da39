using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Setup;

/// <summary>The first owner and organization. <paramref name="Token"/> was printed when the server first started.</summary>
public sealed record SetUpRequest(string Token, string Email, string Password, string DisplayName, string OrganizationName);

internal static class SetUp
{
    public static async Task<Reply<SessionResponse>> Handle(
        SetUpRequest request, HttpContext context, FirstStart firstStart, BrowserSessions sessions, CancellationToken cancel)
    {
        var owner = new NewOwner(request.Email, request.Password, request.DisplayName, request.OrganizationName, null);
        var created = await firstStart.SetUp(request.Token, owner, context.Connection.RemoteIpAddress?.ToString(), cancel);
        if (created.Error is { } error)
            return error;
        return await sessions.Begin(context, created.Value.User, request.Email.Trim(), request.DisplayName, cancel);
    }
}
