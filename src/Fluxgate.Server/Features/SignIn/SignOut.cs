using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

internal static class SignOut
{
    public static async Task<NoContent> Handle(PersonCaller caller, HttpContext context, BrowserSessions sessions, SignInLog log, CancellationToken cancel)
    {
        await sessions.End(context, caller, cancel);
        await log.Ended(caller, cancel);
        return NoContent.Done;
    }
}
