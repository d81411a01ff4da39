namespace Fluxgate.Core.Feeds;

/// <summary>A feed in RSS 2.0 or Atom, as far as workflows see it.</summary>
public sealed record Feed(string Title, string Link, IReadOnlyList<FeedItem> Items);

/// <summary>An entry. <paramref name="Id"/> is its guid or id, or what stands for it: its link, else its title.</summary>
public sealed record FeedItem(string Id, string Title, string Link, string Summary, string Author, IReadOnlyList<string> Categories, DateTimeOffset? PublishedAt);
