using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

internal static class SignInEndpoints
{
    public static void AddSignIn(this IServiceCollection services) => services
        .AddSingleton<Passwords>().AddSingleton<SignInThrottle>().AddSingleton<BrowserSessions>().AddSingleton<Accounts>().AddSingleton<SignInLinks>()
        .AddSingleton<SignInLog>().AddHostedService(s => s.GetRequiredService<SignInLog>());

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/v1/auth").WithTags("sign-in");
        auth.MapPost("/sign-up", SignUp.Handle).WithName("sign_up").IsOpen("creates the account; closed unless the configuration opens it");
        auth.MapPost("/sign-in", SignIn.Handle).WithName("sign_in").IsOpen("is what makes a session");
        auth.MapPost("/sign-in-link", RedeemSignInLink.Handle).WithName("redeem_sign_in_link").IsOpen("takes a one-time token instead of a password");
        auth.MapPost("/sign-out", SignOut.Handle).WithName("sign_out").NeedsPerson();

        var me = routes.MapGroup("/v1/me").WithTags("me");
        me.MapGet("", GetMe.Handle).WithName("get_me").NeedsPerson();
        me.MapGet("/sessions", MySessions.List).WithName("list_my_sessions").NeedsPerson();
        me.MapDelete("/sessions/{id:guid}", MySessions.End).WithName("end_my_session").NeedsPerson();
    }
}
