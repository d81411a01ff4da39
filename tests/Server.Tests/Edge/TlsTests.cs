using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Edge;

public sealed class TlsTests
{
    [Fact]
    public async Task FK15_The_server_ends_TLS_itself_and_serves_a_renewed_certificate_without_a_restart()
    {
        var authority = new TestAuthority("edge");
        var folder = Directory.CreateTempSubdirectory("fluxgate-tls-").FullName;
        var (certificate, key) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
        void Write(string name)
        {
            using var issued = authority.Issue(name, IPAddress.Loopback);
            File.WriteAllText(certificate, issued.ExportCertificatePem());
            using var secret = issued.GetECDsaPrivateKey()!;
            File.WriteAllText(key, secret.ExportPkcs8PrivateKeyPem());
        }
        try
        {
            Write("first.test");
            await using var node = await (await Installation.Get()).AnotherNode(("listen", "https://127.0.0.1:0"), ("tls:certificate_path", certificate), ("tls:key_path", key));
            var (name, protocol, answer) = await Ask(node.Address, SslProtocols.None);
            Assert.Equal(("CN=first.test", SslProtocols.Tls13), (name, protocol));
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            Assert.Contains("Strict-Transport-Security: max-age=31536000; includeSubDomains", answer, StringComparison.Ordinal);
            Assert.Equal(SslProtocols.Tls12, (await Ask(node.Address, SslProtocols.Tls12)).Protocol);
            Assert.NotEqual(0x16, await FirstByteForTls11(node.Address));

            Write("second.test");
            await Condition.Holds(async () => (await Ask(node.Address, SslProtocols.None)).Name == "CN=second.test", "the new certificate is served");
            await File.WriteAllTextAsync(certificate, "half a file");
            Assert.Equal("CN=second.test", (await Ask(node.Address, SslProtocols.None)).Name);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Name, SslProtocols Protocol, string Answer)> Ask(Uri address, SslProtocols protocols)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "x", EnabledSslProtocols = protocols, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null });
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: fluxgate.example.com\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return (stream.RemoteCertificate!.Subject, stream.SslProtocol, await reader.ReadToEndAsync());
    }

    /// <summary>A greeting that knows TLS 1.1 at most (RFC 4346, section 7.4.1.2); 0x16 would be a handshake that goes on.</summary>
    private static async Task<int> FirstByteForTls11(Uri address)
    {
        byte[] hello = [3, 2, .. new byte[32], 0, 0, 4, 0xc0, 0x09, 0xc0, 0x13, 1, 0];
        byte[] message = [0x16, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello];
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.GetStream().WriteAsync(message);
        var first = new byte[1];
        try
        {
            return await socket.GetStream().ReadAsync(first) == 0 ? -1 : first[0];
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
