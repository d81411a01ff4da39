using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Egress;

/// <summary>Section <c>egress</c>: what outside connections may reach, and how much they may take.</summary>
public sealed class EgressOptions
{
    public const string Section = "egress";

    /// <summary>Exceptions to the blocked address classes: <c>10.1.2.0/24:443</c>, <c>[fd00::/8]:5432</c>. Default: none.</summary>
    public List<string> Allow { get; set; } = [];

    /// <summary>Bytes of an answer's body, after decompression. 1 KB – 100 MB. Default: 10 MB.</summary>
    public int MaxResponseBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Upper limit of any request's time. 1 s – 10 min. Default: 2 min.</summary>
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Time to reach and greet the other side. 1–60 s. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws <see cref="InvalidOperationException"/> that names the setting out of its range.</summary>
    public void Validate()
    {
        foreach (var entry in Allow)
            _ = EgressAllowance.Parse(entry);
        Require(MaxResponseBytes is >= 1024 and <= 100 * 1024 * 1024, "egress.max_response_bytes is 1024 to 104857600");
        Require(MaxTimeout >= TimeSpan.FromSeconds(1) && MaxTimeout <= TimeSpan.FromMinutes(10), "egress.max_timeout is 1 s to 10 min");
        Require(ConnectTimeout >= TimeSpan.FromSeconds(1) && ConnectTimeout <= TimeSpan.FromMinutes(1), "egress.connect_timeout is 1 s to 60 s");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new InvalidOperationException(message + ".");
    }
}

/// <summary>One entry of <see cref="EgressOptions.Allow"/>.</summary>
internal sealed record EgressAllowance(IPNetwork Network, int Port)
{
    /// <summary><c>127.0.0.2/32:9090</c> or <c>[fd00::/8]:5432</c>; <see cref="InvalidOperationException"/> for anything else.</summary>
    public static EgressAllowance Parse(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var network = colon < 0 ? "" : entry[..colon];
        if (network.StartsWith('[') && network.EndsWith(']'))
            network = network[1..^1];
        else if (network.Contains(':', StringComparison.Ordinal))
            network = "";
        // An entry that covers every address is a switch that turns the guard off; there is none.
        if (!network.Contains('/', StringComparison.Ordinal) || !IPNetwork.TryParse(network, out var parsed) || parsed.PrefixLength == 0
            || !ushort.TryParse(entry.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new InvalidOperationException($"egress.allow: '{entry}' is not an address range and a port, such as 10.1.2.0/24:443 or [fd00::/8]:5432.");
        return new EgressAllowance(parsed, port);
    }

    public bool Covers(IPAddress address, int port) =>
        port == Port && address.AddressFamily == Network.BaseAddress.AddressFamily && Network.Contains(address);
}
