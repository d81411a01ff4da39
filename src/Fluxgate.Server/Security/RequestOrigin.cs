using Fluxgate.Server.Hosting;

namespace Fluxgate.Server.Security;

/// <summary>
/// Whether a browser says that one of our own pages sends the request. <c>Sec-Fetch-Site</c> (W3C Fetch Metadata) is the
/// browser's own judgement and decides where it is sent; older browsers send <c>Origin</c> (RFC 6454, section 7). A
/// program sends neither and has the CSRF token alone.
/// </summary>
internal sealed class RequestOrigin(InstallationOptions installation)
{
    private readonly string? publicOrigin = installation.PublicUrl is { } url ? new Uri(url).GetLeftPart(UriPartial.Authority) : null;

    public bool IsOurs(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
            return site.ToString() == "same-origin";
        if (!request.Headers.TryGetValue("Origin", out var origin))
            return true;
        var text = origin.ToString();
        // Behind a proxy that ends TLS our own scheme is not the browser's, so the public address counts too.
        return string.Equals(text, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || string.Equals(text, publicOrigin, StringComparison.OrdinalIgnoreCase);
    }
}
