using System.Globalization;
using System.Net.Security;
using System.Text;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;

namespace Fluxgate.Egress.Mail;

/// <summary>
/// Makes a mail server's connection secure before MailKit speaks on it. MailKit's own TLS leaves the runtime free to fetch
/// a missing issuer from wherever the server's certificate says, past the guard; here TLS is that of every other protocol.
/// </summary>
internal static class MailTls
{
    /// <summary>Longest line of a server, and most lines of one answer, before there is TLS.</summary>
    private const int MostCharacters = 1000;
    private const int MostLines = 100;

    /// <summary>
    /// The connection under TLS, where the server's greeting is to be read next. <paramref name="domain"/> is who greets an
    /// SMTP server; null for IMAP. A server that does not offer STARTTLS is a <see cref="NotSupportedException"/>.
    /// </summary>
    public static async Task<Stream> Secure(Stream plain, MailServer server, string? domain, CancellationToken cancel)
    {
        if (server.Security == MailSecurity.Tls)
            return await Handshake(plain, server, cancel);
        if (domain is null)
            await UpgradeImap(plain, cancel);
        else
            await UpgradeSmtp(plain, domain, cancel);
        // What was greeted in the clear greets nobody again, and MailKit waits for it.
        return new PrecededStream(domain is null ? "* OK ready\r\n"u8.ToArray() : "220 ready\r\n"u8.ToArray(), await Handshake(plain, server, cancel));
    }

    private static async Task<Stream> Handshake(Stream plain, MailServer server, CancellationToken cancel)
    {
        var options = new EgressTls(null, null, server.Authorities).Options();
        options.TargetHost = server.Host;
        var secured = new SslStream(plain);
        try
        {
            await secured.AuthenticateAsClientAsync(options, cancel);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    /// <summary>RFC 3207.</summary>
    private static async Task UpgradeSmtp(Stream stream, string domain, CancellationToken cancel)
    {
        Expect(await SmtpReply(stream, cancel), 220);
        await Say(stream, $"EHLO {domain}", cancel);
        var greeting = await SmtpReply(stream, cancel);
        Expect(greeting, 250);
        if (!greeting.Lines.Any(line => line.Equals("STARTTLS", StringComparison.OrdinalIgnoreCase)))
            throw NoTls();
        await Say(stream, "STARTTLS", cancel);
        if ((await SmtpReply(stream, cancel)).Code != 220)
            throw NoTls();
    }

    /// <summary>RFC 9051, section 6.2.1.</summary>
    private static async Task UpgradeImap(Stream stream, CancellationToken cancel)
    {
        const string Tag = "s1 ";
        if (await Hear(stream, cancel) is not { } greeting || !greeting.StartsWith("* OK", StringComparison.OrdinalIgnoreCase))
            throw new ImapProtocolException("The server does not greet.");
        await Say(stream, Tag + "STARTTLS", cancel);
        for (var n = 0; n < MostLines; n++)
        {
            var line = await Hear(stream, cancel) ?? throw new ImapProtocolException("The server hung up, or sends a line without end.");
            if (line.StartsWith(Tag + "OK", StringComparison.OrdinalIgnoreCase))
                return;
            if (line.StartsWith(Tag, StringComparison.Ordinal))
                throw NoTls();
        }
        throw new ImapProtocolException("The server answers without end.");
    }

    private static async Task<(int Code, List<string> Lines)> SmtpReply(Stream stream, CancellationToken cancel)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await Hear(stream, cancel) ?? throw new SmtpProtocolException("The server hung up, or sends a line without end.");
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new SmtpProtocolException("An answer has no code.");
            lines.Add(line.Length > 4 ? line[4..].Trim() : "");
            if (line.Length == 3 || line[3] == ' ')
                return (code, lines);
        }
        throw new SmtpProtocolException("The server answers without end.");
    }

    private static void Expect((int Code, List<string> Lines) reply, int code)
    {
        if (reply.Code != code)
            throw new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, (SmtpStatusCode)reply.Code, string.Join(' ', reply.Lines));
    }

    private static Task Say(Stream stream, string line, CancellationToken cancel) => stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancel).AsTask();

    /// <summary>
    /// A line; null if the server hangs up or goes on for too long. Byte by byte: what follows the line belongs to TLS, and
    /// text that was slipped in before that breaks the handshake.
    /// </summary>
    private static async Task<string?> Hear(Stream stream, CancellationToken cancel)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line.Count < MostCharacters)
        {
            if (await stream.ReadAsync(one, cancel) == 0)
                return null;
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }

    private static NotSupportedException NoTls() => new("The server does not do STARTTLS.");
}
