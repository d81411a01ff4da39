using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>
/// Bounds how often passwords may be tried, before any is hashed: for an address from a network, and from a network as
/// a whole. A network is an IPv4 address or an IPv6 /64. Addresses that nobody has are counted like any other. Counts
/// live in this process alone.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    public const int TriesOfAddress = 20;
    public const int TriesOfNetwork = 300;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Entries kept; at 300 tries a network it takes hundreds of networks to fill it within a window.</summary>
    private const int Most = 100_000;

    private readonly Dictionary<(string Network, string? Address), (int Tries, DateTimeOffset Since)> counts = [];
    private readonly Lock turn = new();

    /// <summary>
    /// Counts a try; the time to wait if it is one too many. Counted at once and not when it has failed, so that tries
    /// made at the same time do not all find the count low.
    /// </summary>
    public TimeSpan? Refusal(IPAddress? network, string address)
    {
        var name = Name(network);
        var now = clock.GetUtcNow();
        lock (turn)
        {
            Prune(now);
            return Count((name, address), TriesOfAddress, now) ?? Count((name, null), TriesOfNetwork, now);
        }
    }

    /// <summary>Takes the tries of an address back, whose owner it was; the network has one less.</summary>
    public void Succeeded(IPAddress? network, string address)
    {
        var name = Name(network);
        lock (turn)
        {
            counts.Remove((name, address));
            if (counts.TryGetValue((name, null), out var entry))
                counts[(name, null)] = entry with { Tries = Math.Max(entry.Tries - 1, 0) };
        }
    }

    private TimeSpan? Count((string, string?) key, int most, DateTimeOffset now)
    {
        if (!counts.TryGetValue(key, out var entry) || now - entry.Since >= Window)
            entry = (0, now);
        if (entry.Tries >= most)
            return entry.Since + Window - now;
        counts[key] = entry with { Tries = entry.Tries + 1 };
        return null;
    }

    private void Prune(DateTimeOffset now)
    {
        if (counts.Count < Most)
            return;
        foreach (var (key, _) in counts.Where(c => now - c.Value.Since >= Window).ToList())
            counts.Remove(key);
        if (counts.Count >= Most)
            counts.Clear();
    }

    private static string Name(IPAddress? network)
    {
        if (network is null)
            return "";
        if (network.IsIPv4MappedToIPv6)
            network = network.MapToIPv4();
        return network.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(network.GetAddressBytes().AsSpan(0, 8)) : network.ToString();
    }
}
