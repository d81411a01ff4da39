using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fluxgate.Server.Edge;

/// <summary>
/// The certificate as its files have it now. They are read again at a handshake, at most once a second, and compared by
/// content: what renews certificates swaps links as often as it writes files. A pair that does not fit, as between the
/// writing of the one and the other, leaves the last good one in force.
/// </summary>
internal sealed class ServerCertificate(TlsOptions options, TimeProvider clock, ILogger<ServerCertificate> log)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock looking = new();
    private (string Certificate, string Key) text;
    private volatile SslStreamCertificateContext? current;
    private long lookedAt;

    public SslStreamCertificateContext Current()
    {
        // Who finds another looking takes what is there; the very first waits for it.
        if (!looking.TryEnter())
        {
            if (current is { } there)
                return there;
            looking.Enter();
        }
        try
        {
            if (current is null || clock.GetElapsedTime(lookedAt) >= BetweenLooks)
                Look();
            return current!;
        }
        finally
        {
            looking.Exit();
        }
    }

    private void Look()
    {
        lookedAt = clock.GetTimestamp();
        try
        {
            var found = (File.ReadAllText(options.CertificatePath!), File.ReadAllText(options.KeyPath!));
            if (found == text)
                return;
            current = Read(found.Item1, found.Item2);
            text = found;
        }
        catch (Exception e) when (current is not null && e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            log.LogWarning("The certificate's files have changed and cannot be used; the last good certificate stays: {Reason}", e.Message);
        }
    }

    internal static SslStreamCertificateContext Read(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        // Offline: a handshake waits for no outside service.
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
    }
}
