namespace Fluxgate.Server.Security;

/// <summary>
/// The browser's session. The <c>__Host-</c> prefix makes the browser refuse it unless it is Secure, for this host
/// alone and for the whole path (RFC 6265bis, section 4.1.3.2).
/// </summary>
internal static class SessionCookie
{
    public const string Name = "__Host-fluxgate_session";
    public const string CsrfHeader = "X-CSRF-Token";

    public static string CsrfToken(string sessionToken) => SecretToken.Derive(sessionToken, "fluxgate csrf token");

    public static void Set(HttpContext context, string token, DateTimeOffset expires) =>
        context.Response.Cookies.Append(Name, token, Options(expires));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(null));

    private static CookieOptions Options(DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
        Expires = expires,
    };
}
