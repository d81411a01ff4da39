using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Server.Security;

/// <summary>Address ranges in CIDR notation (RFC 4632, RFC 4291 section 2.3): what a key may be used from.</summary>
internal static class NetworkList
{
    public const int Most = 50;

    /// <summary>
    /// One range: <c>203.0.113.0/24</c>, <c>2001:db8::/32</c>, or a single address. Refused: every address at once
    /// (prefix 0), a range written with host bits, IPv4 in IPv6's clothes, which would never match.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? normalised)
    {
        normalised = null;
        if (text.Length > 50)
            return false;
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            if (!IPAddress.TryParse(text, out var single) || single.IsIPv4MappedToIPv6 || single.ToString() != text || text.Contains('%', StringComparison.Ordinal))
                return false;
            normalised = $"{single}/{(single.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}";
            return true;
        }
        if (!IPNetwork.TryParse(text, out var network) || network.PrefixLength == 0 || network.BaseAddress.IsIPv4MappedToIPv6 || network.ToString() != text)
            return false;
        normalised = text;
        return true;
    }

    /// <summary>Ranges that <see cref="TryParse"/> takes, as networks; what it does not take is left out, and has been named as a fault.</summary>
    public static IReadOnlyList<IPNetwork> Parse(IEnumerable<string> texts) =>
        [.. texts.Select(t => TryParse(t, out var normalised) ? normalised : null).OfType<string>().Select(IPNetwork.Parse)];

    /// <summary>Whether <paramref name="address"/> is in one of the ranges; nobody is without an address.</summary>
    public static bool Allows(IReadOnlyList<string> networks, IPAddress? address)
    {
        if (networks.Count == 0)
            return true;
        return address is not null && Contains(Parse(networks), address);
    }

    public static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        // A socket for both families shows IPv4 as ::ffff:a.b.c.d.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(n => n.BaseAddress.AddressFamily == plain.AddressFamily && n.Contains(plain));
    }
}
