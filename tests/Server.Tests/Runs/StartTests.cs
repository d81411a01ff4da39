using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

public sealed class StartTests
{
    private const string Echo = """
        format: 1
        name: Echo
        trigger: { type: api }
        nodes:
          - { id: a, type: transform, settings: { output: "{{ trigger.body }}" } }
        output: "{{ steps.a }}"
        """;

    private static Task<HttpResponseMessage> Start(TestMember member, string workflow, object input, string key) =>
        member.Post($"/workflows/{workflow}/runs", new { input }, ("Idempotency-Key", key));

    [Fact]
    public async Task FK12_A_start_without_a_usable_key_is_refused()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await owner.Publish(Echo);
        await owner.Post($"/workflows/{workflow}/runs", new { input = 1 }).Refuses(400, "idempotency.key_missing");
        foreach (var key in (string[])["a b", new string('k', 101)])
            await Start(owner, workflow, 1, key).Refuses(400, "idempotency.key_missing");
        Assert.Empty((await owner.Get("/runs").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task FK12_The_same_key_and_body_find_the_same_run_another_body_is_refused()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await owner.Publish(Echo);
        var first = await Start(owner, workflow, new { n = 1 }, "k").Success();
        Assert.False(first.GetProperty("repeated").GetBoolean());
        var again = await Start(owner, workflow, new { n = 1 }, "k").Success();
        Assert.Equal((first.Text("run_id"), true), (again.Text("run_id"), again.GetProperty("repeated").GetBoolean()));
        await Start(owner, workflow, new { n = 2 }, "k").Refuses(409, "idempotency.key_reused");
        Assert.NotEqual(first.Text("run_id"), (await Start(owner, await owner.Publish(Echo.Replace("Echo", "Other", StringComparison.Ordinal)), new { n = 1 }, "k").Success()).Text("run_id"));
    }

    [Theory]
    [InlineData("manual")]
    [InlineData("api")]
    public async Task FX15_A_repeat_of_a_start_finds_its_run_on_another_node_too(string trigger)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Echo.Replace("type: api", $"type: {trigger}", StringComparison.Ordinal));
        var key = (await owner.NewKey("runs:start")).Text("key");
        await using var other = await installation.AnotherNode();
        var runs = new List<string>();
        foreach (var address in (Uri[])[installation.Address, other.Address, installation.Address])
        {
            var client = new TestClient(address) { ApiKey = key };
            runs.Add((await client.Post($"/v1/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Success()).Text("run_id"));
        }
        Assert.Single(runs.Distinct());
        Assert.Single((await owner.Get("/runs").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task FK12_One_key_at_once_starts_one_run()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await owner.Publish(Echo);
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await Start(owner, workflow, 7, "k").Success()).Text("run_id")));
        Assert.Single(runs.Distinct());
        Assert.Single((await owner.Get("/runs").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task FK12_Another_callers_key_of_the_same_text_is_another_run()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Echo);
        var admin = await owner.NewMember(installation, "admin");
        var mine = (await Start(owner, workflow, 1, "k").Success()).Text("run_id");
        var theirs = (await Start(admin, workflow, 1, "k").Success()).Text("run_id");
        var byKey = (await installation.KeyClient(await owner.NewKey("runs:start")).Post($"/v1/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Success()).Text("run_id");
        Assert.Equal(3, new[] { mine, theirs, byKey }.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"input":{"a":1,"a":2}}""")]
    [InlineData("""{"input":"a\u0000b"}""")]
    [InlineData("""{"input":"\ud800"}""")]
    [InlineData("""{"input":{"\ud800":1}}""")]
    [InlineData("""{"input":1e999}""")]
    [InlineData("""{"input":1,"workflow_id":"x"}""")]
    [InlineData("{}")]
    [InlineData("{")]
    public async Task Abuse04_An_input_that_no_run_can_hold_is_malformed(string body)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await owner.Publish(Echo);
        await owner.Post($"/workflows/{workflow}/runs", new StringContent(body, Encoding.UTF8, "application/json"), ("Idempotency-Key", "k")).Refuses(400, "body.malformed");
        Assert.Empty((await owner.Get("/runs").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Abuse04_An_input_is_either_refused_for_its_depth_or_can_be_read_back()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await owner.Publish(Echo);
        foreach (var levels in (int[])[40, 55, 57, 58, 59, 60, 61, 62, 63, 64, 70])
        {
            var answer = await owner.Post(
                $"/workflows/{workflow}/runs", new StringContent($$"""{"input":{{new string('[', levels)}}{{new string(']', levels)}}}""", Encoding.UTF8, "application/json"), ("Idempotency-Key", $"k{levels}"));
            if (answer.IsSuccessStatusCode)
                Assert.Contains((await owner.FinishedRun((await answer.Json()).Text("run_id"))).Text("status"), (string[])["succeeded", "failed"]);
            else
                Assert.Contains((int)answer.StatusCode, (int[])[400, 422]);
        }
    }

    [Fact]
    public async Task Abuse04_A_body_over_the_limit_is_413()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await owner.Publish(Echo);
        foreach (var path in (string[])[$"/workflows/{workflow}/runs", "/workflows", "/workflows/validate", "/groups", "/webhook-endpoints", $"/reviews/{Guid.NewGuid()}/decisions", "/credentials"])
        {
            // Of known length, so that the size is the first fault there is; and asked before it is sent, since a server that
            // answers and hangs up while a body is on its way may not be heard.
            using var body = new StringContent($$"""{"input":"{{new string('x', 1_100_000)}}"}""", System.Text.Encoding.UTF8, "application/json");
            await owner.Post(path, body, ("Idempotency-Key", "k"), ("Expect", "100-continue")).Refuses(413, "body.too_large");
        }
    }

    [Fact]
    public async Task Abuse13_Another_organizations_run_is_not_there()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var run = await owner.StartRun(await owner.Publish(Echo), new { secret = "mine" });
        await owner.FinishedRun(run);
        await other.Get($"/runs/{run}").Refuses(404, "run.not_found");
        await other.Get($"/runs/{run}/journal").Refuses(404, "run.not_found");
        await other.Post($"/runs/{run}/cancel", null).Refuses(404, "run.not_found");
        Assert.Empty((await other.Get("/runs").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task F809_A_run_that_ends_as_it_starts_is_one_event_by_whoever_started_it()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.RunOnce(Echo, 1);
        var only = Assert.Single(await installation.Audited(owner.Organization, "run.finished"));
        Assert.Equal(("user", "api"), (only.GetProperty("actor").Text("kind"), only.GetProperty("details").Text("trigger")));
        Assert.Empty(await installation.Audited(owner.Organization, "run.started"));

        await owner.RunOnce(Echo.Replace("name: Echo", "name: Waits", StringComparison.Ordinal).Replace("nodes:\n", "nodes:\n  - { id: pause, type: delay, settings: { for: 50ms } }\n", StringComparison.Ordinal), 1);
        Assert.Equal("user", Assert.Single(await installation.Audited(owner.Organization, "run.started")).GetProperty("actor").Text("kind"));
        Assert.Equal(["user", "run"], (await installation.Audited(owner.Organization, "run.finished")).Select(e => e.GetProperty("actor").Text("kind")).OrderDescending());
    }

    [Fact]
    public async Task Runs_are_listed_by_workflow_and_status_in_pages()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var (first, second) = (await owner.Publish(Echo), await owner.Publish(Echo.Replace("Echo", "Other", StringComparison.Ordinal)));
        var runs = new List<string>();
        for (var i = 0; i < 3; i++)
            runs.Insert(0, await owner.StartRun(first, i));
        await owner.FinishedRun(await owner.StartRun(second));
        var page = await owner.Get($"/runs?workflow_id={first}&status=succeeded&limit=2").Success();
        var next = await owner.Get($"/runs?workflow_id={first}&status=succeeded&limit=2&cursor={page.Text("next_cursor")}").Success();
        Assert.Equal(runs, page.GetProperty("items").EnumerateArray().Concat(next.GetProperty("items").EnumerateArray()).Select(r => r.Text("id")));
        await owner.Get("/runs?status=lost").Refuses(400, "run.status");
    }
}
