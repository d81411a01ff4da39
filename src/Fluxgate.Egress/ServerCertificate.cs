using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fluxgate.Egress;

/// <summary>The same judgement of a server's certificate as <see cref="EgressTls"/>, for clients that make their TLS themselves and only ask whether it may be.</summary>
internal static class ServerCertificate
{
    /// <summary>TLS server authentication (RFC 5280, section 4.2.1.12).</summary>
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <param name="roots">Certificates in PEM that alone are trusted; null for the system's.</param>
    public static RemoteCertificateValidationCallback Check(string? roots) => (_, certificate, presented, errors) =>
    {
        // The client has compared the name; its chain is of the system's authorities.
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        using var chain = new X509Chain { ChainPolicy = Policy(roots) };
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(server);
    };

    public static X509ChainPolicy Policy(string? roots) => new EgressTls(null, null, roots).Options().CertificateChainPolicy!;
}
