using System.Text.RegularExpressions;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What holds for credentials however they come in.</summary>
internal static partial class CredentialChecks
{
    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z")]
    private static partial Regex NameForm();

    public static bool IsName(string? name) => name is not null && NameForm().IsMatch(name);

    public static Checks Hosts(this Checks checks, string[] hosts)
    {
        checks.That(hosts.Length is > 0 and <= 50, "/allowed_hosts", "length", "Between 1 and 50 hosts: a credential goes nowhere else.");
        for (var i = 0; i < hosts.Length; i++)
            checks.That(AllowedHost.TryParse(hosts[i], out _), $"/allowed_hosts/{i}", "host", "A host name or address, or *.suffix with at least two labels; maybe with :port.");
        return checks;
    }

    /// <summary>The entries in their one written form, each once.</summary>
    public static string[] Normalise(string[] hosts) => [.. ConnectionCatalog.Parse(hosts).Select(h => h.ToString()).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether <paramref name="next"/> lets the secret go somewhere that <paramref name="current"/> does not.</summary>
    public static bool Widens(string[] current, string[] next)
    {
        var allowed = ConnectionCatalog.Parse(current);
        return ConnectionCatalog.Parse(next).Any(n => !allowed.Any(a => a.Covers(n)));
    }
}
