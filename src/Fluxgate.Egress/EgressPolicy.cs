using System.ComponentModel;
using System.Net;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

[TypeConverter(typeof(SnakeCaseConverter<EgressMode>))]
public enum EgressMode
{
    /// <summary>Every public address.</summary>
    Open,

    /// <summary>What is listed, and nothing else.</summary>
    AllowList,
}

/// <summary>
/// What an organization's calls may reach, within what the installation lets anybody reach: it takes away and never adds.
/// Two policies that say the same are equal, and share connections.
/// </summary>
public sealed class EgressPolicy : IEquatable<EgressPolicy>
{
    private readonly EgressEntry[] entries;
    private readonly string text;

    public EgressPolicy(EgressMode mode, IEnumerable<EgressEntry> allow)
    {
        Mode = mode;
        // In the open mode nothing depends on the entries, so they split no connection pools.
        entries = mode == EgressMode.Open ? [] : [.. allow];
        text = $"{mode} {string.Join(' ', entries.Select(e => e.ToString()).Order(StringComparer.Ordinal))}";
    }

    /// <summary>Takes nothing away: what the installation allows is allowed.</summary>
    public static EgressPolicy Open { get; } = new(EgressMode.Open, []);

    public EgressMode Mode { get; }

    /// <summary>Whether a connection to <paramref name="host"/>, which is at <paramref name="address"/>, is listed.</summary>
    public bool Allows(string host, IPAddress address, int port) =>
        Mode == EgressMode.Open || entries.Any(e => e.Host?.Allows(host, port) == true || e.Range?.Covers(address, port) == true);

    /// <summary>Whether everything that <paramref name="entry"/> lists is listed here too.</summary>
    public bool Covers(EgressEntry entry) =>
        Mode == EgressMode.Open || entries.Any(e =>
            (e.Host is { } host && entry.Host is { } otherHost && host.Covers(otherHost))
            || (e.Range is { } range && entry.Range is { } otherRange && range.Covers(otherRange)));

    public bool Equals(EgressPolicy? other) => other?.text == text;

    public override bool Equals(object? obj) => Equals(obj as EgressPolicy);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;
}
