using System.Globalization;
using Fluxgate.Server.Edge;

namespace Fluxgate.Server.Http;

/// <summary>Headers on every answer; pages add their own Content-Security-Policy, everything else gets the one that allows nothing.</summary>
internal sealed class SecurityHeaders(EdgeOptions options)
{
    private readonly string transport =
        string.Create(CultureInfo.InvariantCulture, $"max-age={options.HstsDays * 86_400L}{(options.HstsSubdomains ? "; includeSubDomains" : "")}");

    public Task Add(HttpContext context, RequestDelegate next)
    {
        // When the answer starts: an error clears what was set before it.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            headers.TryAdd("Cache-Control", "no-store");
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.XFrameOptions = "DENY";
            // A browser heeds it by https alone (RFC 6797, section 8.1).
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = transport;
            return Task.CompletedTask;
        });
        return next(context);
    }
}
