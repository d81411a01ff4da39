using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Feeds;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.Polls;

/// <summary>Feeds by HTTP: asked for only if they have changed; of their entries those that were not there before are new.</summary>
internal sealed class FeedSource(EgressHttp egress, EgressPolicies policies)
{
    private const int MaxRedirects = 5;
    private const int MostSeen = 2000;

    /// <summary>Runs of one look; the rest is for the next.</summary>
    private const int MostNew = 100;

    /// <summary>The state is what the last look gave; null at the first.</summary>
    public async Task<Result<PollFound>> Look(OrganizationId organization, CelValue settings, CelValue? state, CancellationToken cancel)
    {
        settings.TryGetMember("url", out var url);
        var headers = new List<(string, string)> { ("Accept", "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"), ("User-Agent", "Fluxgate") };
        if (Text(state, "etag") is { } etag)
            headers.Add(("If-None-Match", etag));
        if (Text(state, "last_modified") is { } modified)
            headers.Add(("If-Modified-Since", modified));
        var answer = await egress.Send(new EgressRequest(HttpMethod.Get, new Uri(url.AsString), headers, null, TimeSpan.FromSeconds(60), null)
        {
            Policy = await policies.Of(organization, cancel), MaxRedirects = MaxRedirects,
        }, cancel);
        if (answer.Error is { } failed)
            return failed;
        if (answer.Value.Status == 304 && state is { } unchanged)
            return new PollFound(unchanged, []);
        if (answer.Value.Status != 200)
            return new Error("feed.status", ErrorKind.Unavailable, $"{answer.Value.Address.Host} answered {answer.Value.Status}.");
        var feed = FeedReader.Read(answer.Value.Body);
        return feed.Error is { } unreadable ? unreadable : Found(feed.Value, answer.Value, url.AsString, StartWith(settings), state);
    }

    private static Result<PollFound> Found(Feed feed, EgressResponse answer, string url, string startWith, CelValue? state)
    {
        var seen = state is { } before && before.TryGetMember("seen", out var list) ? list.AsList.Select(s => s.AsString).ToList() : [];
        var known = seen.ToHashSet(StringComparer.Ordinal);
        var items = feed.Items.DistinctBy(i => i.Id).Select(i => (Item: i, Hash: Hash(i.Id))).ToList();
        // Feeds have the newest first; runs start in the order of time.
        var fresh = items.Where(i => !known.Contains(i.Hash)).Reverse().ToList();
        List<(FeedItem Item, string Hash)> taken = state is not null || startWith == "all" ? fresh : startWith == "newest" ? [.. fresh.TakeLast(1)] : [];
        var hasMore = taken.Count > MostNew;
        taken = [.. taken.Take(MostNew)];
        var nowKnown = state is null && startWith != "all" ? fresh : taken;
        var kept = seen.Concat(nowKnown.Select(i => i.Hash)).TakeLast(MostSeen).Select(CelValue.From);
        return new PollFound(
            CelValue.Map(
                // With entries left over the feed must be given again though it has not changed.
                ("etag", Validator(answer, "ETag", hasMore)),
                ("last_modified", Validator(answer, "Last-Modified", hasMore)),
                ("seen", CelValue.List([.. kept]))),
            [.. taken.Select(i => new PollItem($"rss:{Hash($"{url}\n{i.Item.Id}")}", Trigger(feed, i.Item, url)))])
        { HasMore = hasMore };
    }

    private static CelValue Trigger(Feed feed, FeedItem item, string url) => CelValue.Map(
        ("type", CelValue.From(TriggerType.Rss.Name)),
        ("item", CelValue.Map(
            ("id", CelValue.From(item.Id)), ("title", CelValue.From(item.Title)), ("link", CelValue.From(item.Link)), ("summary", CelValue.From(item.Summary)),
            ("author", CelValue.From(item.Author)), ("categories", CelValue.List([.. item.Categories.Select(CelValue.From)])),
            ("published_at", item.PublishedAt is { } at ? CelValue.From(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)) : CelValue.Null))),
        ("feed", CelValue.Map(("title", CelValue.From(feed.Title)), ("link", CelValue.From(feed.Link)), ("url", CelValue.From(url)))));

    private static CelValue Validator(EgressResponse answer, string header, bool hasMore)
    {
        var value = answer.Headers.FirstOrDefault(h => h.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;
        return hasMore || value is null || value.Length > 500 || value.Any(c => c is < ' ' or > '~') ? CelValue.Null : CelValue.From(value);
    }

    private static string StartWith(CelValue settings) => settings.TryGetMember("start_with", out var value) ? value.AsString : "none";

    private static string? Text(CelValue? state, string name) => state is { } map && map.TryGetMember(name, out var value) && value.Kind == CelKind.String ? value.AsString : null;

    /// <summary>Ids are of any length; what is compared has 24 bytes of them.</summary>
    private static string Hash(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 24));
}
