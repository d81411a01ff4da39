using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Fluxgate.Testing;

/// <summary>A mailbox that is read by IMAP (RFC 3501), as far as a reader of new mail needs it.</summary>
public sealed partial class StubMailbox
{
    [GeneratedRegex(@"^(\S+) (UID FETCH|[A-Z]+) ?(.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Command();

    [GeneratedRegex(@"^(\d+)(?::(\d+|\*))?")]
    private static partial Regex Range();

    private readonly ConcurrentDictionary<uint, byte[]> mails = new();

    public uint Validity { get; set; } = 7;

    public uint Next { get; set; } = 1;

    /// <summary>Said to be the size of every mail; null for the truth.</summary>
    public long? ClaimedSize { get; set; }

    /// <summary>Puts a mail in; its number.</summary>
    public uint Add(string mail)
    {
        mails[Next] = Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"));
        return Next++;
    }

    /// <summary>A server with this mailbox. <paramref name="answers"/> replaces the answer to a command: it gets tag, command and the rest.</summary>
    public StubMailServer Serve(TcpListener listener, X509Certificate2 certificate, bool implicitTls = true, bool offersTls = true, Func<MailLines, string, string, string, Task<bool>>? answers = null) => new(listener, async lines =>
    {
        if (implicitTls)
            await lines.Secure(certificate);
        string Capabilities() => $"IMAP4rev1 AUTH=PLAIN AUTH=CRAM-MD5 SASL-IR{(offersTls && !lines.IsSecure ? " STARTTLS" : "")}";
        await lines.Say($"* OK [CAPABILITY {Capabilities()}] stub");
        while (await lines.Hear() is { } line && Command().Match(line) is { Success: true } match)
        {
            var (tag, verb, rest) = (match.Groups[1].Value, match.Groups[2].Value.ToUpperInvariant(), match.Groups[3].Value);
            if (answers is not null && await answers(lines, tag, verb, rest))
                continue;
            switch (verb)
            {
                case "CAPABILITY":
                    await lines.Say($"* CAPABILITY {Capabilities()}");
                    break;
                case "STARTTLS" when !offersTls:
                    await lines.Say($"{tag} BAD no such command");
                    continue;
                case "STARTTLS":
                    await lines.Say($"{tag} OK go ahead");
                    await lines.Secure(certificate);
                    continue;
                case "LIST":
                    await lines.Say("* LIST () \"/\" \"INBOX\"");
                    break;
                case "EXAMINE":
                    await lines.Say($"* {mails.Count} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY {Validity}] valid\r\n* OK [UIDNEXT {Next}] next");
                    break;
                case "UID FETCH":
                    await Fetch(lines, rest);
                    break;
                case "LOGOUT":
                    await lines.Say($"* BYE\r\n{tag} OK bye");
                    return;
            }
            await lines.Say($"{tag} OK {(verb == "EXAMINE" ? "[READ-ONLY] " : "")}done");
        }
    });

    private async Task Fetch(MailLines lines, string rest)
    {
        var range = Range().Match(rest);
        var from = uint.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture);
        var to = range.Groups[2] is { Success: true } end ? end.Value == "*" ? uint.MaxValue : uint.Parse(end.Value, CultureInfo.InvariantCulture) : from;
        var all = mails.Keys.Order().ToList();
        foreach (var uid in all.Where(u => u >= from && u <= to))
        {
            var (number, mail) = (all.IndexOf(uid) + 1, mails[uid]);
            if (!rest.Contains("BODY", StringComparison.Ordinal))
            {
                await lines.Say($"* {number} FETCH (UID {uid} RFC822.SIZE {ClaimedSize ?? mail.Length} INTERNALDATE \"02-Jan-2026 03:04:05 +0000\")");
                continue;
            }
            var section = rest.Contains("HEADER", StringComparison.Ordinal) ? "BODY[HEADER]" : "BODY[]";
            var content = section == "BODY[]" ? mail : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(mail).Split("\r\n\r\n")[0] + "\r\n\r\n");
            await lines.Say($"* {number} FETCH (UID {uid} {section} {{{content.Length}}}\r\n{Encoding.UTF8.GetString(content)})");
        }
    }
}
