using System.Net;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Edge;
using Fluxgate.Server.Features.Setup;

namespace Fluxgate.Server.Hosting;

/// <summary>What makes sense by itself but not together with other settings, or not in production.</summary>
internal static class ProfileFaults
{
    /// <summary>Words that stand in examples, alone or with digits and marks about them.</summary>
    private static readonly HashSet<string> Examples = new(StringComparer.Ordinal)
    {
        "password", "passwordpassword", "changeme", "changemechangeme", "changethis", "postgres", "fluxgate", "fluxgatefluxgate", "secret", "admin", "example", "default", "test", "yourpassword",
    };

    public static IEnumerable<string> OfListeners(InstallationOptions installation, EdgeOptions edge, TlsOptions tls, SurfaceOptions surfaces)
    {
        var ports = new List<int>();
        foreach (var text in installation.Listen.Split(';'))
        {
            if (Address(text) is not { } address)
            {
                yield return $"listen: '{text}' is no address such as http://127.0.0.1:8480.";
                continue;
            }
            ports.Add(address.Port);
            var isHttps = address.Scheme == Uri.UriSchemeHttps;
            if (isHttps && tls.CertificatePath is null)
                yield return $"listen: '{text}' needs tls.certificate_path and tls.key_path.";
            if (!isHttps && installation.Profile == Profile.Production && !IsLoopback(address.Host) && edge.TrustedProxies.Count == 0)
                yield return $"listen: '{text}' takes plain HTTP from other machines. Use https:// with a certificate, or list the proxy that ends TLS in edge.trusted_proxies.";
        }
        if (tls.CertificatePath is not null && !installation.Listen.Contains("https://", StringComparison.OrdinalIgnoreCase))
            yield return "tls.certificate_path is set, but no address of listen begins with https://.";
        foreach (var (surface, _, port) in Surfaces.All(surfaces))
            if (port is { } named && !ports.Contains(named))
                yield return $"surfaces.{SnakeCase.From(surface.ToString())}_port is no port of listen.";
    }

    public static IEnumerable<string> OfSecrets(InstallationOptions installation, DatabaseOptions database, BootstrapOptions bootstrap)
    {
        if (installation.Profile != Profile.Production)
            yield break;
        foreach (var (setting, value) in ((string, string?)[])[("database.password", database.Password), ("database.admin_password", database.AdminPassword), ("bootstrap.owner_password", bootstrap.OwnerPassword)])
            if (value is not null && (value.Length < 12 || Examples.Contains(string.Concat(value.Where(char.IsAsciiLetter)).ToLowerInvariant())))
                yield return $"{setting} is shorter than 12 characters or one that stands in examples.";
        if (database.Host is { } host && !host.Split(',').All(IsLocal) && database.Tls != DatabaseTls.VerifyFull)
            yield return "database.tls has to be verify_full for a PostgreSQL on another machine.";
    }

    private static BindingAddress? Address(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return !address.IsUnixPipe && !address.IsNamedPipe && address.Scheme is "http" or "https" ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A folder of sockets, or this machine.</summary>
    private static bool IsLocal(string host) => host.StartsWith('/') || host.StartsWith('@') || IsLoopback(host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
