using System.Security.Cryptography;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Edge;

/// <summary>Section <c>tls</c>: the certificate for addresses of <c>listen</c> that begin with <c>https://</c>. TLS 1.2 and 1.3 are spoken.</summary>
public sealed class TlsOptions : IValidatedOptions
{
    public const string Section = "tls";

    /// <summary>File with the certificate and those between it and its root, in PEM. Read again when it changes. Default: none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>File with the certificate's private key, in PEM, not encrypted. Read again when it changes. Default: none.</summary>
    public string? KeyPath { get; set; }

    public IEnumerable<string> Faults()
    {
        if ((CertificatePath is null) != (KeyPath is null))
            yield return "tls.certificate_path and tls.key_path are set both or neither.";
        else if (CertificatePath is not null && Unreadable() is { } why)
            yield return $"tls.certificate_path and tls.key_path hold no certificate with its key: {why}";
    }

    private string? Unreadable()
    {
        try
        {
            ServerCertificate.Read(File.ReadAllText(CertificatePath!), File.ReadAllText(KeyPath!));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return e.Message;
        }
    }
}
