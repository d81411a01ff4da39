using System.Text;
using Fluxgate.Core.Feeds;

namespace Fluxgate.Core.Tests.Feeds;

/// <summary>FX15: what is read of feeds, and what is refused of hostile ones.</summary>
public sealed class FeedReaderTests
{
    private static Feed Read(string xml) => FeedReader.Read(Encoding.UTF8.GetBytes(xml)).Value;

    [Fact]
    public void Rss_is_read()
    {
        var feed = Read("""
            <?xml version="1.0"?><!-- c --><?style x?>
            <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
              <title>News</title><link>https://n.example/</link>
              <item><title>One</title><link>https://n.example/1</link><guid isPermaLink="false">id-1</guid><description><![CDATA[<b>bold</b>]]></description><pubDate>Tue, 10 Jun 2003 04:00:00 GMT</pubDate><category>a</category><category>b</category><dc:creator>Ann</dc:creator></item>
              <item><title>Two</title><link>https://n.example/2</link><pubDate>Tue, 10 Jun 2003 04:00:00 +0200</pubDate></item>
              <item><title>Three</title><pubDate>someday</pubDate></item>
              <item/>
            </channel></rss>
            """);
        Assert.Equal(("News", "https://n.example/"), (feed.Title, feed.Link));
        Assert.Equal(["id-1", "https://n.example/2", "Three"], feed.Items.Select(i => i.Id));
        var first = feed.Items[0];
        Assert.Equal(("<b>bold</b>", "Ann", "a b"), (first.Summary, first.Author, string.Join(' ', first.Categories)));
        Assert.Equal([new DateTimeOffset(2003, 6, 10, 4, 0, 0, TimeSpan.Zero), new DateTimeOffset(2003, 6, 10, 2, 0, 0, TimeSpan.Zero), null], feed.Items.Select(i => i.PublishedAt));
    }

    [Fact]
    public void Atom_is_read()
    {
        var feed = Read("""
            <feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link rel="self" href="https://a.example/feed"/><link href="https://a.example/"/>
              <entry><id>urn:1</id><title type="html">A &amp; B</title><link rel="alternate" href="https://a.example/1"/><summary>s</summary><author><name>Bob</name></author><category term="x"/><updated>2026-01-02T03:04:05+01:00</updated></entry>
            </feed>
            """);
        var entry = Assert.Single(feed.Items);
        Assert.Equal(("https://a.example/", "urn:1", "A & B", "https://a.example/1", "s", "Bob"), (feed.Link, entry.Id, entry.Title, entry.Link, entry.Summary, entry.Author));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 2, 4, 5, TimeSpan.Zero), entry.PublishedAt);
    }

    [Theory]
    [InlineData("""<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>""", "feed.malformed")]
    [InlineData("""<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>""", "feed.malformed")]
    [InlineData("""<!DOCTYPE html><rss><channel/></rss>""", "feed.malformed")]
    [InlineData("""<rss><channel><title>&undefined;</title></channel></rss>""", "feed.malformed")]
    [InlineData("<rss><channel>", "feed.malformed")]
    [InlineData("", "feed.malformed")]
    [InlineData("{}", "feed.malformed")]
    [InlineData("<html/>", "feed.unknown_format")]
    [InlineData("<feed/>", "feed.unknown_format")]
    [InlineData("<rss/>", "feed.unknown_format")]
    public void What_is_no_feed_is_refused_and_no_document_type_is_looked_at(string xml, string code) =>
        Assert.Equal(code, FeedReader.Read(Encoding.UTF8.GetBytes(xml)).Error?.Code);

    [Fact]
    public void Depth_and_length_have_limits()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 100_000));
        Assert.Equal("feed.malformed", FeedReader.Read(Encoding.UTF8.GetBytes(deep)).Error?.Code);
        var many = string.Concat(Enumerable.Range(0, 2000).Select(n => $"<item><guid>{n}</guid><title>{new string('t', 5000)}</title></item>"));
        var feed = Read($"<rss><channel>{many}</channel></rss>");
        Assert.Equal(FeedReader.MostItems, feed.Items.Count);
        Assert.All(feed.Items, i => Assert.InRange(i.Title.Length, 1, 2000));
    }
}
