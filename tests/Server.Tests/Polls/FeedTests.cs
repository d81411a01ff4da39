using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Polls;

/// <summary>FX15: a new entry of a feed starts one run.</summary>
public sealed class FeedTests
{
    private static string Rss(params string[] ids) =>
        $"<rss version=\"2.0\"><channel><title>News</title><link>https://news.example/</link>{string.Concat(ids.Select(i => $"<item><guid>{i}</guid><title>Title of {i}</title><link>https://news.example/{i}</link><pubDate>Tue, 10 Jun 2025 04:00:00 GMT</pubDate></item>"))}</channel></rss>";

    private static StubAnswer Feed(params string[] ids) => new(200, Rss(ids)) { Headers = [("Content-Type", "application/rss+xml")] };

    private static string Document(Uri url, string settings = "", string name = "Feed") => $$$"""
        format: 1
        name: {{{name}}}
        trigger: { type: rss, settings: { url: "{{{url}}}"{{{settings}}} } }
        nodes:
          - { id: a, type: transform, settings: { output: "{{ trigger }}" } }
        """;

    private sealed record Scene(TestInstallation Installation, TestMember Owner, string Workflow, StubPath Path)
    {
        public static async Task<Scene> New(string settings, params StubAnswer[] answers)
        {
            var installation = await Tests.Installation.Get();
            var owner = await installation.NewOrganization();
            var path = (await Tests.Installation.Stub()).NewPath(answers);
            return new Scene(installation, owner, await owner.Publish(Document(path.Address, settings)), path);
        }

        public async Task<JsonElement> Poll() => (await Owner.Get($"/workflows/{Workflow}").Success()).GetProperty("poll");

        /// <summary>Returns when the source was looked into so many times and nothing is under way.</summary>
        public async Task<JsonElement> Looked(int times)
        {
            var poll = default(JsonElement);
            await Condition.Holds(async () => Path.Requests.Count >= times && (poll = await Poll()).GetProperty("next_look_at") is { ValueKind: JsonValueKind.String } next
                && next.GetDateTimeOffset() > TimeProvider.System.GetUtcNow() && poll.GetProperty("looked_at").ValueKind == JsonValueKind.String, $"there were {times} looks");
            return poll;
        }

        /// <summary>As if the interval were over.</summary>
        public async Task<JsonElement> Look(int times)
        {
            await Installation.Change("update polls set due_at = $2, next_at = $2 where workflow_id = $1", Guid.Parse(Workflow), TimeProvider.System.GetUtcNow().AddSeconds(-1));
            return await Looked(times);
        }

        /// <summary>Ids of the entries that have runs, in the order in which they started.</summary>
        public async Task<string[]> Started()
        {
            var ids = new List<string>();
            foreach (var run in (await Owner.Get($"/runs?limit=200&workflow_id={Workflow}").Success()).GetProperty("items").EnumerateArray().Reverse())
                ids.Add((await Owner.FinishedRun(run.Text("id"))).GetProperty("trigger").GetProperty("item").Text("id"));
            return [.. ids];
        }
    }

    [Fact]
    public async Task FX15_The_first_look_starts_nothing_and_each_new_entry_starts_one_run()
    {
        var scene = await Scene.New("", Feed("b", "a"), Feed("d", "c", "b", "a"), Feed("d", "c", "b", "a"), Feed("a", "b", "e"));
        await scene.Looked(1);
        Assert.Empty(await scene.Started());
        await scene.Look(2);
        // Oldest first: feeds have the newest on top.
        Assert.Equal(["c", "d"], await scene.Started());
        await scene.Look(3);
        await scene.Look(4);
        Assert.Equal(["c", "d", "e"], await scene.Started());

        var run = (await scene.Owner.Get($"/runs?workflow_id={scene.Workflow}").Success()).GetProperty("items")[0];
        var trigger = (await scene.Owner.Get($"/runs/{run.Text("id")}").Success()).GetProperty("trigger");
        Assert.Equal(("rss", "Title of e", "https://news.example/e", "2025-06-10T04:00:00Z", "News"),
            (trigger.Text("type"), trigger.GetProperty("item").Text("title"), trigger.GetProperty("item").Text("link"), trigger.GetProperty("item").Text("published_at"), trigger.GetProperty("feed").Text("title")));
        Assert.Equal("poll", (await scene.Installation.Audited(scene.Owner.Organization, "run.finished"))[0].GetProperty("actor").Text("label"));
        Assert.DoesNotContain("Title of", await scene.Installation.TextOf("select encode(state, 'escape') from polls where workflow_id = $1", Guid.Parse(scene.Workflow)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("newest", "c")]
    [InlineData("all", "a b c")]
    public async Task FX15_The_first_look_starts_what_the_trigger_says(string startWith, string started)
    {
        var scene = await Scene.New($", start_with: {startWith}", Feed("c", "b", "a"));
        await scene.Looked(1);
        Assert.Equal(started.Split(' '), await scene.Started());
        await scene.Look(2);
        Assert.Equal(started.Split(' '), await scene.Started());
    }

    [Fact]
    public async Task FX15_An_entry_has_one_run_though_the_node_dies_before_it_keeps_what_it_saw()
    {
        var scene = await Scene.New(", start_with: all", Feed("b", "a"));
        await scene.Looked(1);
        // What a crash between the starts and the keeping leaves: the entries are new again.
        await scene.Installation.Change("update polls set state = null where workflow_id = $1", Guid.Parse(scene.Workflow));
        await using var second = await scene.Installation.AnotherNode();
        await scene.Look(2);
        Assert.Equal(["a", "b"], await scene.Started());
        Assert.Equal(2, (await scene.Installation.Audited(scene.Owner.Organization, "run.finished")).Length);
    }

    [Fact]
    public async Task FX15_A_feed_that_has_not_changed_is_not_sent_again()
    {
        var scene = await Scene.New(", start_with: all", Feed("a") with { Headers = [("ETag", "\"v1\""), ("Last-Modified", "Tue, 10 Jun 2025 04:00:00 GMT")] }, new StubAnswer(304), Feed("b", "a"));
        await scene.Looked(1);
        await scene.Look(2);
        var asked = scene.Path.Requests[1].Headers;
        Assert.Equal(("\"v1\"", "Tue, 10 Jun 2025 04:00:00 GMT"), (asked["If-None-Match"], asked["If-Modified-Since"]));
        await scene.Look(3);
        Assert.Equal(["a", "b"], await scene.Started());
    }

    [Fact]
    public async Task FX15_A_look_that_fails_is_shown_made_rarer_and_recorded_once()
    {
        var scene = await Scene.New("", new StubAnswer(500), new StubAnswer(200, "<html/>"), Feed("a"));
        var first = await scene.Looked(1);
        Assert.Equal((1, "feed.status"), (first.GetProperty("failures").GetInt32(), first.Text("error_code")));
        var second = await scene.Look(2);
        Assert.Equal((2, "feed.unknown_format"), (second.GetProperty("failures").GetInt32(), second.Text("error_code")));
        Assert.InRange(second.GetProperty("next_look_at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(8), TimeProvider.System.GetUtcNow().AddMinutes(11));
        var third = await scene.Look(3);
        Assert.Equal((0, JsonValueKind.Null), (third.GetProperty("failures").GetInt32(), third.GetProperty("error_code").ValueKind));
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "trigger.failed"));
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "trigger.recovered"));
    }

    [Fact]
    public async Task Abuse06_A_feed_is_fetched_through_the_guard()
    {
        var installation = await Tests.Installation.Get();
        var owner = await installation.NewOrganization();
        foreach (var inside in (string[])["http://127.0.0.1:5432/feed", "http://169.254.169.254/latest/meta-data"])
        {
            var workflow = await owner.Publish(Document(new Uri(inside), name: $"Inside {inside.Length}"));
            await Condition.Holds(async () => (await owner.Get($"/workflows/{workflow}").Success()).GetProperty("poll").GetProperty("error_code").ValueKind == JsonValueKind.String, "it was refused");
            Assert.Equal("egress.blocked", (await owner.Get($"/workflows/{workflow}").Success()).GetProperty("poll").Text("error_code"));
        }
        var scene = await Scene.New(", start_with: all", new StubAnswer(302) { Headers = [("Location", "http://127.0.0.1:9/")] });
        Assert.Equal("egress.blocked", (await scene.Looked(1)).Text("error_code"));
    }

    [Fact]
    public async Task FX15_A_pause_keeps_the_place_and_another_feed_begins_anew()
    {
        var scene = await Scene.New("", Feed("a"), Feed("b", "a"), Feed("c", "b", "a"));
        await scene.Looked(1);
        await scene.Owner.Post($"/workflows/{scene.Workflow}/pause", null).Success();
        Assert.Equal(JsonValueKind.Null, (await scene.Poll()).GetProperty("next_look_at").ValueKind);
        await scene.Owner.Post($"/workflows/{scene.Workflow}/resume", null).Success();
        await scene.Look(2);
        Assert.Equal(["b"], await scene.Started());

        async Task Publish(string document)
        {
            var draft = await scene.Owner.Post($"/workflows/{scene.Workflow}/draft", null).Success();
            await scene.Owner.Put($"/workflows/{scene.Workflow}/draft", new { document, format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
            await scene.Owner.Post($"/workflows/{scene.Workflow}/publish", null).Success();
        }

        await Publish(Document(scene.Path.Address, ", interval: 10m"));
        await scene.Looked(3);
        Assert.Equal(["b", "c"], await scene.Started());
        var other = (await Tests.Installation.Stub()).NewPath(Feed("z", "c"));
        await Publish(Document(other.Address));
        await Condition.Holds(() => Task.FromResult(other.Requests.Count == 1), "the other feed was looked into");
        await scene.Looked(3);
        Assert.Equal(["b", "c"], await scene.Started());
        await scene.Owner.Post($"/workflows/{scene.Workflow}/archive", null).Success();
        Assert.Equal("0", await scene.Installation.TextOf("select count(*) from polls where workflow_id = $1", Guid.Parse(scene.Workflow)));
    }

    [Fact]
    public async Task Settings_of_a_feed_are_checked()
    {
        var owner = await (await Tests.Installation.Get()).NewOrganization();
        async Task<string[]> Faults(string document) => [.. (await (await owner.Draft(document)).Json()).GetProperty("errors").EnumerateArray().Select(e => e.Text("code"))];
        var url = new Uri("https://a.example/feed");
        Assert.Equal(["poll.interval"], await Faults(Document(url, ", interval: 30s")));
        Assert.Equal(["poll.interval"], await Faults(Document(url, ", interval: often")));
        Assert.Equal(["choice"], await Faults(Document(url, ", start_with: some")));
        foreach (var wrong in (string[])["ftp://a.example/", "https://u:p@a.example/", "feed", "file:///etc/passwd"])
            Assert.Equal(["poll.url"], await Faults(Document(url).Replace(url.AbsoluteUri, wrong, StringComparison.Ordinal)));
        Assert.Equal(["type"], await Faults(Document(url).Replace(url.AbsoluteUri, "{{ vars.url }}", StringComparison.Ordinal)));
    }
}
