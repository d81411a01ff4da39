using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Edge;

/// <summary>FB12, Abuse18: what a connection may take is what the section <c>http</c> says.</summary>
public sealed class HttpLimitTests
{
    private static async Task<Socket> Connect(Uri address, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await socket.ConnectAsync(address.Host, address.Port);
        return socket;
    }

    /// <summary>The first line of the answer; empty if the connection is closed instead.</summary>
    private static async Task<string> Ask(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await socket.SendAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), deadline.Token);
            var buffer = new byte[8192];
            var read = await socket.ReceiveAsync(buffer, deadline.Token);
            return Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0];
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<bool> IsClosed(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            return await socket.ReceiveAsync(new byte[1], deadline.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    [Fact]
    public async Task Abuse18_Connections_beyond_the_limit_are_closed_unanswered_and_their_places_come_back()
    {
        await using var node = await (await Installation.Get()).AnotherNode(("http:max_connections", "10"));
        var open = new List<Socket>();
        try
        {
            for (var n = 0; n < 10; n++)
            {
                open.Add(await Connect(node.Address, IPAddress.Parse($"127.0.0.{n + 1}")));
                Assert.Equal("HTTP/1.1 200 OK", await Ask(open[^1]));
            }
            using (var beyond = await Connect(node.Address))
                Assert.Equal("", await Ask(beyond));
            Assert.Equal("HTTP/1.1 200 OK", await Ask(open[0]));
            open[9].Dispose();
            await Condition.Holds(async () =>
            {
                using var next = await Connect(node.Address);
                return await Ask(next) == "HTTP/1.1 200 OK";
            }, "there is a place again");
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Both ends of each connection are descriptors of this one process, which other tests need too.</summary>
    [Fact]
    public async Task Abuse18_Thousands_of_idle_connections_hold_up_no_request_and_are_closed_after_their_time()
    {
        const int idle = 2000;
        await using var node = await (await Installation.Get()).AnotherNode(("http:keep_alive_seconds", "5"));
        var open = new List<Socket>();
        try
        {
            foreach (var batch in Enumerable.Range(0, idle).Chunk(200))
                open.AddRange(await Task.WhenAll(batch.Select(n => Connect(node.Address, IPAddress.Parse($"127.0.1.{n % 20 + 1}")))));
            using var good = await Connect(node.Address);
            var clock = Stopwatch.StartNew();
            Assert.Equal("HTTP/1.1 200 OK", await Ask(good));
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
            Assert.True(open.Count(s => s.Poll(0, SelectMode.SelectRead)) < idle / 2, "they were still open when the request was answered");
            foreach (var closed in await Task.WhenAll(open.Append(good).Select(IsClosed)))
                Assert.True(closed);
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Abuse18_A_body_larger_than_the_limit_is_refused()
    {
        await using var node = await (await Installation.Get()).AnotherNode(("http:max_body_bytes", "65536"));
        var client = new TestClient(node.Address);
        async Task<int> Send(int bytes)
        {
            var answer = await client.Post("/v1/auth/sign-in", new StringContent($$"""{ "email": "nobody@example.test", "password": "x"{{new string(' ', bytes)}}}""", Encoding.UTF8, "application/json"));
            return (int)answer.StatusCode;
        }
        Assert.Equal((401, 413), (await Send(60_000), await Send(70_000)));
    }

    [Fact]
    public async Task Abuse18_One_connection_of_HTTP_2_has_the_streams_and_headers_that_are_set()
    {
        var folder = Directory.CreateTempSubdirectory("fluxgate-http-").FullName;
        try
        {
            var (certificate, key) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
            using (var issued = new TestAuthority("edge").Issue("x", IPAddress.Loopback))
            {
                await File.WriteAllTextAsync(certificate, issued.ExportCertificatePem());
                using var secret = issued.GetECDsaPrivateKey()!;
                await File.WriteAllTextAsync(key, secret.ExportPkcs8PrivateKeyPem());
            }
            await using var node = await (await Installation.Get()).AnotherNode(
                ("listen", "https://127.0.0.1:0"), ("tls:certificate_path", certificate), ("tls:key_path", key), ("http:max_streams", "7"), ("http:max_header_bytes", "65536"));
            var settings = await Settings(node.Address);
            // RFC 9113, section 6.5.2: SETTINGS_MAX_CONCURRENT_STREAMS and SETTINGS_MAX_HEADER_LIST_SIZE.
            Assert.Equal((7u, 65_536u), (settings[3], settings[6]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the server says of itself first.</summary>
    private static async Task<Dictionary<int, uint>> Settings(Uri address)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = await Connect(address);
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "x", ApplicationProtocols = [SslApplicationProtocol.Http2], RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null }, deadline.Token);
        await stream.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0], deadline.Token);
        var head = new byte[9];
        await stream.ReadExactlyAsync(head, deadline.Token);
        Assert.Equal(4, head[3]);
        var body = new byte[head[0] << 16 | head[1] << 8 | head[2]];
        await stream.ReadExactlyAsync(body, deadline.Token);
        return body.Chunk(6).ToDictionary(s => s[0] << 8 | s[1], s => (uint)(s[2] << 24 | s[3] << 16 | s[4] << 8 | s[5]));
    }
}
