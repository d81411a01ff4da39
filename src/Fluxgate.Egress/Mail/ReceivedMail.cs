using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using MimeKit;

namespace Fluxgate.Egress.Mail;

/// <summary>
/// A message of a mailbox. <paramref name="Content"/> is what a workflow sees of it, a map; of attachments it has names, types
/// and sizes.
/// </summary>
public sealed record ReceivedMail(uint Uid, CelValue Content)
{
    private const int BodyCharacters = 200_000;
    private const int HeaderCharacters = 2000;
    private const int MostHeaders = 200;
    private const int MostParts = 100;

    internal static ReceivedMail Of(uint uid, DateTimeOffset? received, MimeMessage message, long size)
    {
        var members = Headers(message.Headers, received, size);
        var (text, html) = (message.TextBody ?? "", message.HtmlBody ?? "");
        members["text"] = CelValue.From(StorableText.Clean(StorableText.Cut(text, BodyCharacters)));
        members["html"] = CelValue.From(StorableText.Clean(StorableText.Cut(html, BodyCharacters)));
        members["truncated"] = CelValue.From(text.Length > BodyCharacters || html.Length > BodyCharacters);
        members["attachments"] = CelValue.List([.. message.Attachments.Take(MostParts).Select(Attachment)]);
        return new ReceivedMail(uid, CelValue.Map(members));
    }

    internal static ReceivedMail OfHeaders(uint uid, DateTimeOffset? received, HeaderList headers, long size)
    {
        var members = Headers(headers, received, size);
        members["text"] = members["html"] = CelValue.From("");
        members["truncated"] = CelValue.From(true);
        members["attachments"] = CelValue.List([]);
        return new ReceivedMail(uid, CelValue.Map(members));
    }

    private static Dictionary<string, CelValue> Headers(HeaderList headers, DateTimeOffset? received, long size)
    {
        // The first of a name, as a reader of mail shows it.
        var byName = headers.Take(MostHeaders).GroupBy(h => h.Field.ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(g => StorableText.Clean(StorableText.Cut(g.Key, 100)), g => CelValue.From(Line(g.First().Value)), StringComparer.Ordinal);
        return new Dictionary<string, CelValue>(StringComparer.Ordinal)
        {
            ["message_id"] = CelValue.From(Line(headers[HeaderId.MessageId] ?? "")),
            ["subject"] = CelValue.From(Line(headers[HeaderId.Subject] ?? "")),
            ["date"] = CelValue.From(Line(headers[HeaderId.Date] ?? "")),
            ["received_at"] = received is { } at ? CelValue.From(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)) : CelValue.Null,
            ["from"] = Addresses(headers[HeaderId.From]),
            ["to"] = Addresses(headers[HeaderId.To]),
            ["cc"] = Addresses(headers[HeaderId.Cc]),
            ["reply_to"] = Addresses(headers[HeaderId.ReplyTo]),
            ["headers"] = CelValue.Map(byName),
            ["bytes"] = CelValue.From(size),
        };
    }

    private static CelValue Addresses(string? header) => header is not null && InternetAddressList.TryParse(header, out var list)
        ? CelValue.List([.. list.Mailboxes.Take(MostParts).Select(m => CelValue.Map(
            ("name", CelValue.From(Line(m.Name ?? ""))),
            ("address", CelValue.From(Line(m.Address)))))])
        : CelValue.List([]);

    private static CelValue Attachment(MimeEntity entity) => CelValue.Map(
        ("name", CelValue.From(Line(entity.ContentDisposition?.FileName ?? entity.ContentType.Name ?? ""))),
        ("content_type", CelValue.From(Line(entity.ContentType.MimeType))),
        ("bytes", CelValue.From(entity is MimePart { Content.Stream: { CanSeek: true } stream } ? stream.Length : 0)));

    private static string Line(string text) => StorableText.Clean(StorableText.Cut(text, HeaderCharacters));
}
