using System.Net;
using System.Net.Sockets;
using Fluxgate.Server.Security;
using Microsoft.Extensions.Primitives;

namespace Fluxgate.Server.Edge;

/// <summary>
/// Who the client is and how it came, said once and before everything else. A trusted proxy appends the address that it
/// was called from to <c>X-Forwarded-For</c>, so only what stands right of the first untrusted address is anybody's word
/// but the client's own: the list is read from its end while the hop is trusted. Headers of others are not looked at,
/// and neither are <c>Forwarded</c> (RFC 7239) and <c>X-Forwarded-Host</c>, which no proxy is asked to overwrite.
/// </summary>
internal sealed class ClientAddress(EdgeOptions options)
{
    /// <summary>No chain of proxies is longer; what stands further left is not read.</summary>
    private const int MostHops = 16;

    private readonly IReadOnlyList<IPNetwork> proxies = NetworkList.Parse(options.TrustedProxies);

    public Task Find(HttpContext context, RequestDelegate next)
    {
        // A socket for both families shows IPv4 as ::ffff:a.b.c.d; one client has one spelling.
        var address = Plain(context.Connection.RemoteIpAddress);
        if (address is not null && NetworkList.Contains(proxies, address))
        {
            context.Request.Scheme = Scheme(context.Request.Headers["X-Forwarded-Proto"]) ?? context.Request.Scheme;
            address = Walk(address, context.Request.Headers["X-Forwarded-For"]);
        }
        context.Connection.RemoteIpAddress = address;
        return next(context);
    }

    private IPAddress Walk(IPAddress peer, StringValues header)
    {
        var client = peer;
        var entries = header.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var hop = 1; hop <= Math.Min(entries.Length, MostHops) && NetworkList.Contains(proxies, client); hop++)
        {
            // What is no address ends the walk at the last one that is: the proxy that wrote it.
            if (Address(entries[^hop]) is not { } before)
                break;
            client = before;
        }
        return client;
    }

    /// <summary><c>https</c> only if every hop that says something says so.</summary>
    private static string? Scheme(StringValues header)
    {
        var words = header.ToString().Split(',', StringSplitOptions.TrimEntries);
        if (words.All(w => w.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)))
            return Uri.UriSchemeHttps;
        return words is [""] ? null : Uri.UriSchemeHttp;
    }

    /// <summary>An address in its usual spelling, with a port or without: <c>192.0.2.1:443</c>, <c>[2001:db8::1]:443</c>. No zones, no octal, no short forms.</summary>
    private static IPAddress? Address(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is var end and > 0 && (end == text.Length - 1 || text[end + 1] == ':'))
            text = text[1..end];
        else if (text.Count(c => c == ':') == 1)
            text = text[..text.IndexOf(':', StringComparison.Ordinal)];
        if (text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address))
            return null;
        return address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text ? null : Plain(address);
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
