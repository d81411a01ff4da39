using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fluxgate.Egress;

/// <summary>
/// What a TLS connection shows, and whom it trusts instead of the system's authorities. All of it PEM. With
/// <paramref name="roots"/> those certificates alone are trusted; names and dates are verified all the same.
/// </summary>
public sealed class EgressTls(string? certificate, string? privateKey, string? roots)
{
    private const int MostCertificates = 50;

    /// <summary>TLS as it is without anything special.</summary>
    internal static readonly EgressTls Ordinary = new(null, null, null);

    /// <summary>The same for the same content; tells nothing of it.</summary>
    internal string Fingerprint { get; } = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{privateKey}\0{roots}")));

    /// <summary>Why a client certificate with its key cannot be used, in words; null if it can. The first certificate is the client's, the rest its chain.</summary>
    public static string? CertificateFault(string certificate, string privateKey)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(certificate, privateKey);
            return leaf.GetRSAPublicKey() is { KeySize: < 2048 } ? "An RSA key has at least 2048 bits." : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return "Not a certificate in PEM with its own unencrypted private key in PEM.";
        }
    }

    /// <summary>Why <paramref name="roots"/> is no bundle of certificates, in words; null if it is one.</summary>
    public static string? RootsFault(string roots)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(roots);
            return found.Count is > 0 and <= MostCertificates && !roots.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? null
                : $"Between 1 and {MostCertificates} certificates in PEM, and no key.";
        }
        catch (CryptographicException)
        {
            return "Not certificates in PEM.";
        }
        finally
        {
            foreach (var one in found)
                one.Dispose();
        }
    }

    internal SslClientAuthenticationOptions Options()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // A server's certificate may name an address to fetch its issuer from: that fetch would go past the guard.
            DisableCertificateDownloads = true,
        };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPem(roots);
        }
        return new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificateContext = certificate is null ? null : ClientCertificate(certificate, privateKey),
        };
    }

    private static SslStreamCertificateContext ClientCertificate(string certificate, string? privateKey)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, privateKey), chain, offline: true);
    }

    public override string ToString() => "(TLS)";
}
