using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Server.Security.RequestLog;

/// <summary>The network of an address: a /24 of IPv4, a /48 of IPv6, which is what one site usually has.</summary>
internal static class NetworkOf
{
    private const int PrefixBitsOfFour = 24;
    private const int PrefixBitsOfSix = 48;

    public static string Address(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var prefix = plain.AddressFamily == AddressFamily.InterNetwork ? PrefixBitsOfFour : PrefixBitsOfSix;
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(prefix / 8).Clear();
        return $"{new IPAddress(bytes)}/{prefix}";
    }
}
