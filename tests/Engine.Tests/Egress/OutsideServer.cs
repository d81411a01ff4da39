using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fluxgate.Engine.Tests.Egress;

/// <summary>127.0.0.2 plays the outside: answers every connection with what is made of the request's head, remembers what it was sent, and closes.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Func<string, byte[]> answer;
    private readonly bool tls;
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public OutsideServer(byte[] answer, bool tls = false, string address = "127.0.0.2", int port = 0) : this(_ => answer, tls, address, port)
    {
    }

    public OutsideServer(Func<string, byte[]> answer, bool tls = false, string address = "127.0.0.2", int port = 0)
    {
        (this.answer, this.tls) = (answer, tls);
        listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        serving = Serve();
    }

    public static OutsideServer Answering(string head, string body = "") =>
        new(Answer(head, body));

    public static byte[] Answer(string head, string body = "") =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}");

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Allowance => $"127.0.0.2/32:{Port}";

    public ConcurrentQueue<string> Requests { get; } = new();

    private async Task Serve()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await using Stream stream = tls ? await Greet(client.GetStream()) : client.GetStream();
                var buffer = new byte[64 * 1024];
                var length = 0;
                while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var read = await stream.ReadAsync(buffer.AsMemory(length), stop.Token);
                    if (read == 0)
                        break;
                    length += read;
                }
                if (length == 0)
                    continue;
                var request = Encoding.ASCII.GetString(buffer, 0, length);
                Requests.Enqueue(request);
                var bytes = answer(request);
                if (bytes.Length == 0)
                    await Task.Delay(Timeout.Infinite, stop.Token);
                await stream.WriteAsync(bytes, stop.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // the other side went away, as some tests want
            }
        }
    }

    /// <summary>Where its certificate says that its issuer's is to be had; it is of an issuer that nobody knows, then.</summary>
    public string? IssuerAddress { get; init; }

    private async Task<SslStream> Greet(Stream stream)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=outside.test", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = IssuerAddress is null ? request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1)) : OfUnknownIssuer(request, key, IssuerAddress);
        var secured = new SslStream(stream);
        // Offline, or the server itself would go for what its certificate names.
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) });
        return secured;
    }

    /// <summary>A certificate that says where its issuer's is to be had.</summary>
    public static X509Certificate2 OfUnknownIssuer(string subject, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return OfUnknownIssuer(new CertificateRequest(subject, key, HashAlgorithmName.SHA256), key, address);
    }

    private static X509Certificate2 OfUnknownIssuer(CertificateRequest request, ECDsa key, string address)
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [address]));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(new X500DistinguishedName("CN=nobody"), X509SignatureGenerator.CreateForECDsa(issuerKey), now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        return X509CertificateLoader.LoadPkcs12(certificate.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving;
        stop.Dispose();
    }
}
