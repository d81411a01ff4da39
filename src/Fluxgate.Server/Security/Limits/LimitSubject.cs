using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Server.Security.Limits;

public enum LimitName
{
    /// <summary>Who shows no credential that is taken, by network address.</summary>
    Address,

    /// <summary>A signed-in person.</summary>
    User,

    /// <summary>An API key.</summary>
    Key,

    /// <summary>A client key, for all pages that show it.</summary>
    ClientKey,

    /// <summary>All that is done in an organization's name.</summary>
    Organization,

    /// <summary>An API key at the governance API, a minute.</summary>
    Governance,

    /// <summary>An API key at the governance API, an hour.</summary>
    GovernanceHour,
}

/// <summary>Whose use of a limit is counted.</summary>
internal readonly record struct LimitSubject(LimitName Limit, Guid Id)
{
    /// <summary>
    /// An IPv4 address, however the socket shows it; of an IPv6 address the /64, which is the least that one subscriber
    /// gets: the rest of it anybody changes at will. Without an address, all share one.
    /// </summary>
    public static LimitSubject Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is not null)
        {
            // An IPv4 address as IPv6 shows it, ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2), collides with no /64 whose rest is zero.
            (address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).TryWriteBytes(bytes, out _);
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
                bytes[8..].Clear();
        }
        return new LimitSubject(LimitName.Address, new Guid(bytes, bigEndian: true));
    }
}
