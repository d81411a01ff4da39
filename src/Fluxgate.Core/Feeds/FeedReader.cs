using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Feeds;

/// <summary>Reads RSS 2.0 and Atom (RFC 4287). There are no document types, entities of one's own or references to elsewhere: what has one is refused.</summary>
public static class FeedReader
{
    /// <summary>Entries of one feed; more are left out, the newest stand first.</summary>
    public const int MostItems = 500;

    private const int TextCharacters = 20_000;
    private const int LineCharacters = 2000;

    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    private static readonly string[] Zones = ["GMT", "UT", "UTC", "Z"];

    /// <summary>Errors <c>feed.malformed</c>, <c>feed.unknown_format</c>.</summary>
    public static Result<Feed> Read(byte[] bytes)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersFromEntities = 0,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            root = Load(reader);
        }
        catch (XmlException e)
        {
            return Error.Refused("feed.malformed", $"The feed is no XML that is taken (line {e.LineNumber}); document types are not.");
        }
        return root.Name.LocalName switch
        {
            "rss" when root.Element("channel") is { } channel => Rss(channel),
            "feed" when root.Name.Namespace == Atom => AtomFeed(root),
            _ => Error.Refused("feed.unknown_format", "This is neither RSS 2.0 nor Atom."),
        };
    }

    /// <summary>Elements nested deeper than any feed's are refused before the tree is built of them: walking such a tree would end the process.</summary>
    private static XElement Load(XmlReader reader)
    {
        var document = new XDocument();
        var open = new Stack<XContainer>([document]);
        while (reader.Read())
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (open.Count > 50)
                        throw new XmlException("Too deep.", null, (reader as IXmlLineInfo)?.LineNumber ?? 0, 0);
                    var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
                    var isEmpty = reader.IsEmptyElement;
                    while (reader.MoveToNextAttribute())
                        if (reader.NamespaceURI.Length == 0)
                            element.SetAttributeValue(reader.LocalName, reader.Value);
                    open.Peek().Add(element);
                    if (!isEmpty)
                        open.Push(element);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    open.Peek().Add(new XText(reader.Value));
                    break;
            }
        return document.Root ?? throw new XmlException("There is nothing.");
    }

    private static Feed Rss(XElement channel) => new(
        Line(channel.Element("title")), Line(channel.Element("link")),
        [.. channel.Elements("item").Take(MostItems).Select(item =>
        {
            var (title, link) = (Line(item.Element("title")), Line(item.Element("link")));
            return new FeedItem(
                FirstOf(Line(item.Element("guid")), link, title), title, link, Text(item.Element("description") ?? item.Element(Content + "encoded")),
                FirstOf(Line(item.Element("author")), Line(item.Element(DublinCore + "creator"))), [.. item.Elements("category").Take(50).Select(Line)],
                Time(FirstOf(Line(item.Element("pubDate")), Line(item.Element(DublinCore + "date")))));
        }).Where(i => i.Id.Length > 0)]);

    private static Feed AtomFeed(XElement feed) => new(
        Line(feed.Element(Atom + "title")), Link(feed),
        [.. feed.Elements(Atom + "entry").Take(MostItems).Select(entry =>
        {
            var (title, link) = (Line(entry.Element(Atom + "title")), Link(entry));
            return new FeedItem(
                FirstOf(Line(entry.Element(Atom + "id")), link, title), title, link, Text(entry.Element(Atom + "summary") ?? entry.Element(Atom + "content")),
                Line(entry.Element(Atom + "author")?.Element(Atom + "name")), [.. entry.Elements(Atom + "category").Take(50).Select(c => Cut((string?)c.Attribute("term") ?? ""))],
                Time(FirstOf(Line(entry.Element(Atom + "published")), Line(entry.Element(Atom + "updated")))));
        }).Where(i => i.Id.Length > 0)]);

    private static string Link(XElement parent)
    {
        var links = parent.Elements(Atom + "link").ToList();
        var alternate = links.FirstOrDefault(l => (string?)l.Attribute("rel") is null or "alternate") ?? links.FirstOrDefault();
        return Cut((string?)alternate?.Attribute("href") ?? "");
    }

    private static string FirstOf(params string[] texts) => texts.FirstOrDefault(t => t.Length > 0) ?? "";

    private static string Line(XElement? element) => Cut(element?.Value.Trim() ?? "");

    private static string Cut(string text) => StorableText.Clean(StorableText.Cut(text, LineCharacters));

    private static string Text(XElement? element) => StorableText.Clean(StorableText.Cut(element?.Value.Trim() ?? "", TextCharacters));

    /// <summary>RFC 3339, or RFC 822 with its names of zones.</summary>
    private static DateTimeOffset? Time(string text)
    {
        if (Zones.FirstOrDefault(z => text.EndsWith(" " + z, StringComparison.Ordinal)) is { } zone)
            text = text[..^zone.Length] + "+00:00";
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var time) ? time.ToUniversalTime() : null;
    }
}
