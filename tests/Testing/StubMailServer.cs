using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fluxgate.Testing;

/// <summary>What was said on one connection: the client's lines, and since which of them it was under TLS (−1: never).</summary>
public sealed record MailTalk(List<string> Lines)
{
    public int SecureSince { get; set; } = -1;

    /// <summary>The mail as it was sent, without what is said around it.</summary>
    public string? Mail { get; set; }
}

/// <summary>The connection of one talk, line by line.</summary>
public sealed class MailLines(Stream stream, MailTalk talk)
{
    private readonly byte[] one = new byte[1];

    public Stream Stream { get; private set; } = stream;

    public MailTalk Talk => talk;

    public bool IsSecure => talk.SecureSince >= 0;

    public async Task Say(string text) => await Stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"));

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> Hear(bool remember = true)
    {
        var line = new List<byte>();
        while (await Stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                var text = Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                if (remember)
                    talk.Lines.Add(text);
                return text;
            }
            line.Add(one[0]);
        }
        return null;
    }

    public async Task Secure(X509Certificate2 certificate)
    {
        var tls = new SslStream(Stream);
        // Offline, or the server itself would go for what its certificate names.
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) });
        talk.SecureSince = talk.Lines.Count;
        Stream = tls;
    }
}

/// <summary>A server for mail on 127.0.0.2 that speaks what a test tells it to, and remembers what it was told.</summary>
public sealed class StubMailServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly Func<MailLines, Task> speak;
    private readonly Task serving;

    /// <param name="listener">A port of 127.0.0.2 that an installation may reach, and that listens already.</param>
    public StubMailServer(TcpListener listener, Func<MailLines, Task> speak)
    {
        (this.listener, this.speak) = (listener, speak);
        serving = Serve();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Authority => $"127.0.0.2:{Port}";

    public ConcurrentQueue<MailTalk> Talks { get; } = new();

    /// <summary>Mails that were taken, in order.</summary>
    public IReadOnlyList<string> Mails => [.. Talks.Select(t => t.Mail).OfType<string>()];

    /// <summary>
    /// An SMTP server (RFC 5321) that takes mail after STARTTLS, or under TLS from the beginning, and a user's name and
    /// password. <paramref name="answers"/> replaces what it says to a command, by the command's first word, or TAKEN at the mail's end.
    /// </summary>
    public static StubMailServer Smtp(TcpListener listener, X509Certificate2 certificate, bool implicitTls = false, bool offersTls = true, Func<MailLines, string, string?>? answers = null) => new(listener, async lines =>
    {
        if (implicitTls)
            await lines.Secure(certificate);
        await lines.Say("220 stub ESMTP");
        while (await lines.Hear() is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (answers?.Invoke(lines, verb) is { } other)
            {
                await lines.Say(other);
                continue;
            }
            switch (verb)
            {
                case "EHLO":
                    await lines.Say($"250-stub\r\n{(offersTls && !lines.IsSecure ? "250-STARTTLS\r\n" : "")}250-AUTH PLAIN LOGIN CRAM-MD5\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    await lines.Say("220 go ahead");
                    await lines.Secure(certificate);
                    break;
                case "AUTH":
                    await lines.Say("235 welcome");
                    break;
                case "DATA":
                    await lines.Say("354 go ahead");
                    var mail = new StringBuilder();
                    while (await lines.Hear(remember: false) is { } part && part != ".")
                        mail.Append(part).Append('\n');
                    lines.Talk.Mail = mail.ToString();
                    await lines.Say(answers?.Invoke(lines, "TAKEN") ?? "250 taken");
                    break;
                case "QUIT":
                    await lines.Say("221 bye");
                    return;
                default:
                    await lines.Say("250 ok");
                    break;
            }
        }
    });

    private async Task Serve()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = Task.Run(() => Talk(client));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Talk(TcpClient client)
    {
        using (client)
        {
            var talk = new MailTalk([]);
            Talks.Enqueue(talk);
            try
            {
                await speak(new MailLines(client.GetStream(), talk)).WaitAsync(stop.Token);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException or OperationCanceledException or ObjectDisposedException)
            {
                // The client hung up, did not like the certificate, or the test is over.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }
}
