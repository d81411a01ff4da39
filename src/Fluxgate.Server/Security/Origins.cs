namespace Fluxgate.Server.Security;

/// <summary>Origins of pages, as lists name them.</summary>
internal static class Origins
{
    /// <summary>
    /// As RFC 6454, section 6.2 writes it: scheme, host, and the port unless it is the scheme's own. Https, or http of this
    /// machine alone; no wildcard.
    /// </summary>
    public static bool Is(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && !text.Contains('*', StringComparison.Ordinal)
        && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0;
}
