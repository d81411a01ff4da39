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

    private static async Task<SslStream> Greet(Stream stream)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=outside.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(certificate);
        return secured;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving;
        stop.Dispose();
    }
}
