using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>
/// Decides which addresses may be dialled. It judges the very address that the socket connects to: a name is resolved
/// once, and nothing is looked up again between the check and the connection.
/// </summary>
public sealed class EgressGuard
{
    // IANA special-purpose registries for IPv4 and IPv6, and transition prefixes that carry an IPv4 address inside.
    private static readonly (IPNetwork Network, string Name)[] Blocked =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "carrier-grade NAT"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local and metadata"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "protocol assignments"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarking"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved and broadcast"),
        (IPNetwork.Parse("168.63.129.16/32"), "metadata"),
        (IPNetwork.Parse("::/96"), "unspecified, loopback and IPv4-compatible"),
        (IPNetwork.Parse("::ffff:0:0:0/96"), "IPv4-translated"),
        (IPNetwork.Parse("64:ff9b::/96"), "NAT64"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "local NAT64"),
        (IPNetwork.Parse("100::/64"), "discard"),
        (IPNetwork.Parse("2001::/23"), "protocol assignments and Teredo"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("2002::/16"), "6to4"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
        (IPNetwork.Parse("5f00::/16"), "segment routing"),
        (IPNetwork.Parse("fc00::/7"), "private"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
    ];

    private readonly AddressRange[] allowed;
    private readonly EgressPolicy installation;
    private readonly Func<IReadOnlyCollection<IPAddress>> ownAddresses;

    /// <param name="options">The allow entries.</param>
    /// <param name="ownAddresses">The addresses of this machine's interfaces.</param>
    public EgressGuard(EgressOptions options, Func<IReadOnlyCollection<IPAddress>> ownAddresses)
    {
        var entries = options.Entries();
        allowed = [.. entries.Select(e => e.Range).OfType<AddressRange>()];
        installation = new EgressPolicy(options.Mode, entries);
        this.ownAddresses = ownAddresses;
    }

    /// <summary>A guard that knows this machine's interfaces; they are listed anew every ten seconds, since listing takes milliseconds.</summary>
    public static EgressGuard ForThisMachine(EgressOptions options, TimeProvider clock)
    {
        (long At, IReadOnlyCollection<IPAddress> Addresses)? listed = null;
        var turn = new Lock();
        return new EgressGuard(options, () =>
        {
            lock (turn)
            {
                if (listed is not { } known || clock.GetElapsedTime(known.At) > TimeSpan.FromSeconds(10))
                    listed = known = (clock.GetTimestamp(), InterfaceAddresses());
                return known.Addresses;
            }
        });
    }

    /// <summary>What the installation lets anybody reach, beside the blocked address classes.</summary>
    public EgressPolicy Installation => installation;

    /// <summary>Why a connection to <paramref name="address"/>, found for <paramref name="host"/>, may not be made; null if it may.</summary>
    public Error? Refusal(string host, IPAddress address, int port, EgressPolicy policy)
    {
        if (Refusal(address, port) is { } why)
            return EgressErrors.Blocked(host, why);
        if (!installation.Allows(host, address, port))
            return EgressErrors.NotListed(host, port, "installation");
        return policy.Allows(host, address, port) ? null : EgressErrors.NotListed(host, port, "organization");
    }

    /// <summary>The class of addresses for which <paramref name="address"/> is blocked, in words; null if it is not.</summary>
    public string? Refusal(IPAddress address, int port)
    {
        if (allowed.Any(a => a.Covers(address, port)))
            return null;
        // Asked here and not in the list: IPNetwork.Contains takes a mapped address for the IPv4 address in it.
        if (address.IsIPv4MappedToIPv6)
            return "IPv4-mapped";
        foreach (var (network, name) in Blocked)
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return name;
        // A public address of our own reaches what listens here as surely as loopback does.
        return ownAddresses().Any(own => SameAddress(own, address)) ? "this machine's own" : null;
    }

    /// <summary>Interfaces write a scope into IPv6 addresses; where a packet goes is in the sixteen bytes.</summary>
    private static bool SameAddress(IPAddress left, IPAddress right) => left.GetAddressBytes().AsSpan().SequenceEqual(right.GetAddressBytes());

    private static IReadOnlyCollection<IPAddress> InterfaceAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(u => u.Address)];
}
