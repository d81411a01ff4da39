using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Egress;

/// <summary>
/// Where a credential may go: <c>host</c>, <c>host:port</c>, <c>*.suffix</c> or <c>*.suffix:port</c>. A host is a DNS
/// name or an address; without a port any port is meant. <c>*.example.com</c> means names below example.com, at any
/// depth, and not example.com itself; a suffix has at least two labels.
/// </summary>
public sealed record AllowedHost
{
    private AllowedHost(string name, bool wildcard, int? port) => (Name, Wildcard, Port) = (name, wildcard, port);

    /// <summary>Lower case, without <c>*.</c> and without a closing dot.</summary>
    public string Name { get; }

    public bool Wildcard { get; }

    public int? Port { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out AllowedHost? host)
    {
        host = null;
        if (text is not { Length: > 0 and <= 260 })
            return false;
        var (name, portText) = Split(text);
        int? port = null;
        if (portText is not null)
        {
            if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
                return false;
            port = number;
        }
        var wildcard = name.StartsWith("*.", StringComparison.Ordinal);
        if (wildcard)
            name = name[2..];
        if (!IsHost(name, out var isAddress) || (wildcard && (isAddress || !name.Contains('.', StringComparison.Ordinal))))
            return false;
        host = new AllowedHost(Normalise(name), wildcard, port);
        return true;
    }

    /// <summary>Whether a connection to <paramref name="host"/> is meant; the host as in a URI, an IPv6 address with or without brackets.</summary>
    public bool Allows(string host, int port)
    {
        var name = Normalise(host.Trim('[', ']'));
        return (Port is null || Port == port) && (Wildcard ? IsBelow(name) : name == Name);
    }

    /// <summary>Whether everything that <paramref name="other"/> allows is allowed by this too.</summary>
    public bool Covers(AllowedHost other) =>
        (Port is null || Port == other.Port)
        && (Wildcard ? IsBelow(other.Name) || (other.Wildcard && other.Name == Name) : !other.Wildcard && other.Name == Name);

    public override string ToString()
    {
        var name = Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name;
        return (Wildcard ? "*." : "") + name + (Port is { } port ? $":{port.ToString(CultureInfo.InvariantCulture)}" : "");
    }

    private bool IsBelow(string name) => name.Length > Name.Length + 1 && name.EndsWith("." + Name, StringComparison.Ordinal);

    private static (string Name, string? Port) Split(string text)
    {
        if (text[0] == '[')
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            var rest = end < 0 ? "?" : text[(end + 1)..];
            return rest.Length == 0 ? (text[1..end], null) : rest[0] == ':' ? (text[1..end], rest[1..]) : ("", null);
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>A plain ASCII name of letters, digits and hyphens, or an address in its usual form; no octal or hexadecimal ones.</summary>
    private static bool IsHost(string name, out bool isAddress)
    {
        isAddress = IPAddress.TryParse(name, out var address);
        if (isAddress)
            return address!.AddressFamily == AddressFamily.InterNetworkV6
                ? !name.Contains('%', StringComparison.Ordinal)
                : address.ToString() == name;
        return name.Length is > 0 and <= 253
            && name.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            // The last label of a name is never a number, or it is an address in disguise (WHATWG URL, "ends in a number").
            && !char.IsAsciiDigit(name.Split('.')[^1][0]);
    }

    private static string Normalise(string name)
    {
        if (IPAddress.TryParse(name, out var address))
            return address.ToString();
        return name.TrimEnd('.').ToLowerInvariant();
    }
}
