using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Fluxgate.Egress;

/// <summary>
/// One line of an allow-list: a host as in <see cref="AllowedHost"/>, or a range of addresses with its port
/// (<c>10.1.2.0/24:443</c>, <c>[fd00::/8]:5432</c>). A single address is a range too (<c>10.1.2.3/32:443</c>).
/// </summary>
public sealed record EgressEntry
{
    private EgressEntry(AllowedHost? host, AddressRange? range) => (Host, Range) = (host, range);

    public AllowedHost? Host { get; }

    public AddressRange? Range { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out EgressEntry? entry)
    {
        entry = null;
        if (text is null)
            return false;
        if (text.Contains('/', StringComparison.Ordinal))
            entry = AddressRange.TryParse(text, out var range) ? new EgressEntry(null, range) : null;
        // An address as a name would be a second spelling of a range that allows less than it seems to.
        else if (AllowedHost.TryParse(text, out var host) && !IPAddress.TryParse(host.Name, out _))
            entry = new EgressEntry(host, null);
        return entry is not null;
    }

    public override string ToString() => Host?.ToString() ?? Range!.ToString();
}

/// <summary>Addresses of one family, and one port.</summary>
public sealed record AddressRange
{
    private AddressRange(IPNetwork network, int port) => (Network, Port) = (network, port);

    public IPNetwork Network { get; }

    public int Port { get; }

    internal static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        var colon = text.LastIndexOf(':');
        var network = colon < 0 ? "" : text[..colon];
        if (network.StartsWith('[') && network.EndsWith(']'))
            network = network[1..^1];
        else if (network.Contains(':', StringComparison.Ordinal))
            return false;
        // A range that covers every address is a switch that turns the guard off; there is none.
        if (!network.Contains('/', StringComparison.Ordinal) || !IPNetwork.TryParse(network, out var parsed) || parsed.PrefixLength == 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        range = new AddressRange(parsed, port);
        return true;
    }

    public bool Covers(IPAddress address, int port) =>
        port == Port && address.AddressFamily == Network.BaseAddress.AddressFamily && Network.Contains(address);

    public bool Covers(AddressRange other) => Network.PrefixLength <= other.Network.PrefixLength && Covers(other.Network.BaseAddress, other.Port);

    public override string ToString() =>
        (Network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Network}]" : Network.ToString())
        + ":" + Port.ToString(CultureInfo.InvariantCulture);
}
