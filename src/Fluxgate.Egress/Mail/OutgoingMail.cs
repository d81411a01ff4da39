using Fluxgate.Core.Kernel;
using MimeKit;

namespace Fluxgate.Egress.Mail;

/// <summary>
/// A mail to be sent. Addresses are <c>a@b.example</c> or <c>Name &lt;a@b.example&gt;</c>. <paramref name="Id"/> becomes the
/// left part of the Message-ID, the same for every attempt.
/// </summary>
public sealed record OutgoingMail(
    string From, IReadOnlyList<string> To, IReadOnlyList<string> Cc, IReadOnlyList<string> Bcc, IReadOnlyList<string> ReplyTo, string Subject, string? Text, string? Html, string Id)
{
    public const int MostRecipients = 50;
    public const int SubjectCharacters = 500;
    public const int BodyCharacters = 512 * 1024;

    /// <summary>RFC 5321, section 4.5.3.1: 64 before and 255 behind the @; with a name before it.</summary>
    private const int AddressCharacters = 500;

    private static readonly ParserOptions Strict = new() { AddressParserComplianceMode = RfcComplianceMode.Strict, AllowAddressesWithoutDomain = false, AllowUnquotedCommasInAddresses = false };

    /// <summary>
    /// The message and where it goes; the hidden recipients are in no header. Errors <c>mail.address</c>, <c>mail.subject</c>,
    /// <c>mail.recipients</c>, <c>mail.body</c>.
    /// </summary>
    internal Result<(MimeMessage Message, MailboxAddress Sender, IReadOnlyList<MailboxAddress> Recipients)> Build(DateTimeOffset now)
    {
        var (from, to, cc, bcc, replyTo) = (Parse([From]), Parse(To), Parse(Cc), Parse(Bcc), Parse(ReplyTo));
        foreach (var parsed in (Result<List<MailboxAddress>>[])[from, to, cc, bcc, replyTo])
            if (parsed.Error is { } wrong)
                return wrong;
        List<MailboxAddress> recipients = [.. to.Value, .. cc.Value, .. bcc.Value];
        if (recipients.Count is 0 or > MostRecipients)
            return Error.Refused("mail.recipients", $"A mail has 1–{MostRecipients} recipients.");
        if (!IsLine(Subject, SubjectCharacters))
            return Error.Refused("mail.subject", $"A subject is one line of up to {SubjectCharacters} characters.");
        if ((Text ?? Html) is null || Text?.Length > BodyCharacters || Html?.Length > BodyCharacters)
            return Error.Refused("mail.body", $"A mail has a text or an HTML body, each of up to {BodyCharacters} characters.");
        var sender = from.Value[0];
        var message = new MimeMessage
        {
            Subject = Subject,
            Date = now,
            MessageId = $"{Id}@{sender.Domain}",
            Body = new BodyBuilder { TextBody = Text, HtmlBody = Html }.ToMessageBody(),
        };
        message.From.Add(sender);
        message.To.AddRange(to.Value);
        message.Cc.AddRange(cc.Value);
        message.ReplyTo.AddRange(replyTo.Value);
        return (message, sender, recipients);
    }

    /// <summary>Whether it is one address, as mails are sent to and from.</summary>
    public static bool IsAddress(string text) => Parse([text]).Succeeded;

    private static Result<List<MailboxAddress>> Parse(IReadOnlyList<string> texts)
    {
        var parsed = new List<MailboxAddress>(texts.Count);
        foreach (var text in texts)
        {
            // One text is one address: a list or a group in it would go to more than whoever wrote the workflow meant.
            if (!IsLine(text, AddressCharacters) || !MailboxAddress.TryParse(Strict, text, out var address) || address.Route.Count > 0
                || address.Address.Length is 0 or > 320 || address.Address.Any(c => c is <= ' ' or > '~') || !IsDomain(address.Domain) || address.LocalPart.Length > 64)
                return Error.Refused("mail.address", "An address is such as clerk@example.com or Clerk <clerk@example.com>, one in a text.");
            parsed.Add(address);
        }
        return parsed;
    }

    private static bool IsDomain(string domain) =>
        domain.Length is > 0 and <= 255 && domain.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private static bool IsLine(string text, int most) => text.Length <= most && !text.Any(char.IsControl) && StorableText.Is(text);
}
