using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>Where a redirect leads (RFC 9110, section 15.4), and what of the request goes along.</summary>
internal static class Redirection
{
    /// <summary>What describes the message itself. Anything else may be a credential, whatever its name.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase) { "Accept", "Accept-Language", "User-Agent", "Content-Type" };

    public static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;

    /// <summary>The next request, or why there is none.</summary>
    public static Result<EgressRequest> Next(EgressRequest request, int status, string? location)
    {
        var from = request.Address;
        if (request.MaxRedirects <= 0)
            return EgressErrors.Redirect(from.Host, "use the address that it leads to");
        if (location is null || !Uri.TryCreate(from, location, out var to) || (to.Scheme != Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttp))
            return EgressErrors.Redirect(from.Host, "it leads to no web address");
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps)
            return EgressErrors.Redirect(from.Host, "it leads from https to http");
        var next = request with { Address = to, MaxRedirects = request.MaxRedirects - 1 };
        if (BecomesGet(request.Method, status))
            next = next with
            {
                Method = HttpMethod.Get,
                Body = null,
                Headers = [.. next.Headers.Where(h => !h.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))],
            };
        if (SameOrigin(from, to))
            return next;
        // No credential goes along, so its hosts have nothing more to say; what is taken off, the client certificate too, stays off on the way back.
        return next with { Headers = [.. next.Headers.Where(h => Harmless.Contains(h.Name))], AllowedHosts = null, Tls = null };
    }

    /// <summary>303 asks for the result by GET; 301 and 302 do so after a POST, by long custom (RFC 9110, sections 15.4.2–15.4.4).</summary>
    private static bool BecomesGet(HttpMethod method, int status) =>
        (status == 303 && method != HttpMethod.Head) || (status is 301 or 302 && method == HttpMethod.Post);

    private static bool SameOrigin(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.IdnHost.Equals(right.IdnHost, StringComparison.OrdinalIgnoreCase) && left.Port == right.Port;
}
