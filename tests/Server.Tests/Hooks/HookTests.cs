using System.Globalization;
using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Hooks;

public sealed class HookTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task A_signed_request_starts_a_run_with_what_it_brought_and_none_of_its_proof()
    {
        var scene = await HookScene.New();
        var body = Bytes("""{"n":21}""");
        var answer = await scene.Post("in?source=erp", SignedRequest.Json(body), SignedRequest.Header(scene.Secret, "d1", body), ("X-Request", "r1"), ("Cookie", "a=b"));
        Assert.Equal(202, (int)answer.StatusCode);
        var run = await scene.Owner.FinishedRun((await answer.Json()).Text("run_id"));
        Assert.Equal(("succeeded", 42, "webhook"), (run.Text("status"), run.GetProperty("output").GetInt32(), run.Text("trigger_type")));
        var trigger = run.GetProperty("trigger");
        Assert.Equal(("erp", "r1"), (trigger.GetProperty("query").Text("source"), trigger.GetProperty("headers").Text("x-request")));
        foreach (var withheld in (string[])["fluxgate-signature", "cookie"])
            Assert.False(trigger.GetProperty("headers").TryGetProperty(withheld, out _), withheld);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("altered body")]
    [InlineData("altered time")]
    [InlineData("altered id")]
    [InlineData("stale")]
    [InlineData("future")]
    [InlineData("endless time")]
    [InlineData("twice")]
    [InlineData("two headers")]
    [InlineData("time twice")]
    [InlineData("empty signature")]
    [InlineData("truncated signature")]
    [InlineData("another algorithm")]
    [InlineData("another secret")]
    [InlineData("another organization")]
    [InlineData("id with a line break")]
    public async Task Abuse07_A_request_that_is_not_rightly_signed_starts_nothing_and_is_audited_without_secrets(string fault)
    {
        var scene = await HookScene.New();
        var body = Bytes("""{"n":1}""");
        var good = SignedRequest.Value(scene.Secret, "d1", body);
        string Part(string name) => good.Split(',').Single(p => p.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
        var time = long.Parse(Part("t"), CultureInfo.InvariantCulture);
        string[] headers = fault switch
        {
            "missing" => [],
            "empty" => [""],
            "altered body" => [SignedRequest.Value(scene.Secret, "d1", Bytes("""{"n":2}"""))],
            "altered time" => [good.Replace($"t={time}", $"t={time + 1}", StringComparison.Ordinal)],
            "altered id" => [good.Replace("id=d1", "id=d2", StringComparison.Ordinal)],
            "stale" => [SignedRequest.Value(scene.Secret, "d1", body, TimeSpan.FromSeconds(310))],
            "future" => [SignedRequest.Value(scene.Secret, "d1", body, TimeSpan.FromSeconds(-310))],
            "endless time" => [good.Replace($"t={time}", "t=99999999999999999999", StringComparison.Ordinal)],
            "twice" => [$"{good},v1={Part("v1")}"],
            "two headers" => [good, good],
            "time twice" => [$"{good},t={time}"],
            "empty signature" => [$"t={time},id=d1,v1="],
            "truncated signature" => [good[..^2]],
            "another algorithm" => [good.Replace("v1=", "v0=", StringComparison.Ordinal)],
            "another secret" => [SignedRequest.Value(new string('x', 32), "d1", body)],
            "another organization" => [SignedRequest.Value((await HookScene.New()).Secret, "d1", body)],
            _ => [SignedRequest.Value(scene.Secret, "d%0a1", body)],
        };
        await scene.Post(body, [.. headers.Select(h => (SignedRequest.HeaderName, h))]).Refuses(401, "hook.refused");
        Assert.Equal(0, await scene.Runs());
        var audited = Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "webhook.refused"));
        Assert.Equal(("denied", "Hook", "127.0.0.1"), (audited.Text("result"), audited.GetProperty("resource").Text("name"), audited.GetProperty("actor").Text("network")));
        foreach (var secret in (string[])[scene.Secret, Part("v1")])
            Assert.DoesNotContain(secret, audited.GetRawText(), StringComparison.Ordinal);
        // The delivery was not used up by the forgery.
        Assert.False((await (await scene.Send("""{"n":1}""", "d1")).Success()).GetProperty("repeated").GetBoolean());
    }

    [Fact]
    public async Task Abuse07_A_replay_finds_the_first_run_and_another_body_of_the_same_delivery_is_refused()
    {
        var scene = await HookScene.New();
        var first = await (await scene.Send("""{"n":1}""", "d1")).Success();
        var again = await scene.Send("""{"n":1}""", "d1", TimeSpan.FromSeconds(-2));
        Assert.Equal(200, (int)again.StatusCode);
        Assert.Equal((first.Text("run_id"), true), ((await again.Json()).Text("run_id"), (await again.Json()).GetProperty("repeated").GetBoolean()));
        await scene.Send("""{"n":2}""", "d1").Refuses(409, "idempotency.key_reused");
        Assert.Equal(1, await scene.Runs());

        var atOnce = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await (await scene.Send("""{"n":3}""", "d2")).Success()).Text("run_id")));
        Assert.Single(atOnce.Distinct());
        Assert.Equal(2, await scene.Runs());
    }

    [Fact]
    public async Task Abuse07_A_body_over_the_limit_is_413_whether_or_not_it_says_its_length()
    {
        var scene = await HookScene.New();
        var large = new byte[1_100_000];
        Array.Fill(large, (byte)' ');
        await scene.Post(large, SignedRequest.Header(scene.Secret, "d1", large)).Refuses(413, "body.too_large");
        var chunked = new StreamContent(new Endless(large));
        await scene.Post("in", chunked, SignedRequest.Header(scene.Secret, "d1", large), ("Transfer-Encoding", "chunked")).Refuses(413, "body.too_large");
        Assert.Equal(0, await scene.Runs());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"n":1,"n":2}""")]
    [InlineData("""{"n":"\u0000"}""")]
    [InlineData("""{"n":"\ud800"}""")]
    [InlineData("{\"n\":1} trailing")]
    [InlineData("nonsense")]
    public async Task Abuse04_A_body_that_is_no_json_is_400_after_a_right_signature(string body)
    {
        var scene = await HookScene.New();
        await scene.Send(body).Refuses(400, "body.malformed");
        await scene.Post(Bytes(body)).Refuses(401, "hook.refused");
        Assert.Equal(0, await scene.Runs());
    }

    [Fact]
    public async Task Abuse04_What_a_sender_nests_or_hides_is_refused_or_can_be_read_back()
    {
        var scene = await HookScene.New();
        foreach (var levels in (int[])[50, 57, 58, 59, 60, 61, 62, 63, 64])
        {
            var answer = await scene.Send(new string('[', levels) + new string(']', levels));
            if (answer.IsSuccessStatusCode)
                await scene.Owner.FinishedRun((await answer.Json()).Text("run_id"));
            else
                Assert.Contains((int)answer.StatusCode, (int[])[400, 422]);
        }
        var body = Bytes("""{"n":1}""");
        await scene.Post("in?a=%00", SignedRequest.Json(body), SignedRequest.Header(scene.Secret, "d1", body)).Refuses(400, "run.value_not_storable");
        Assert.InRange((int)(await scene.Post("in%00", SignedRequest.Json(body), SignedRequest.Header(scene.Secret, "d2", body))).StatusCode, 400, 404);
    }

    [Fact]
    public async Task Abuse07_A_key_in_a_header_of_its_own_proves_the_sender_and_stays_out_of_run_data()
    {
        var scene = await HookScene.New(HookScene.Document("Keyed", auth: "{ type: api_key, credential: key }"));
        var body = Bytes("""{"n":4}""");
        foreach (var wrong in (string[])["", scene.Secret, "key " + scene.Secret, $"Key {scene.Secret}x", $"Key {scene.Secret[..^1]}"])
            await scene.Post(body, ("X-Sender-Token", wrong)).Refuses(401, "hook.refused");
        await scene.Post(body, ("X-Sender-Token", $"Key {scene.Secret}"), ("X-Sender-Token", "Key x")).Refuses(401, "hook.refused");
        await scene.Post($"in?X-Sender-Token=Key%20{scene.Secret}", SignedRequest.Json(body)).Refuses(401, "hook.refused");
        Assert.Equal(0, await scene.Runs());

        var run = (await (await scene.Post(body, ("X-Sender-Token", $"Key {scene.Secret}"), ("Fluxgate-Delivery", "d1"))).Success()).Text("run_id");
        Assert.DoesNotContain(scene.Secret, (await scene.Owner.FinishedRun(run)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(run, (await (await scene.Post(body, ("X-Sender-Token", $"Key {scene.Secret}"), ("Fluxgate-Delivery", "d1"))).Success()).Text("run_id"));
    }

    [Fact]
    public async Task FX15_Without_authentication_whoever_knows_the_address_starts_a_run_and_may_name_the_delivery()
    {
        var scene = await HookScene.New(HookScene.Document("Open", auth: "{ type: none }"));
        var body = Bytes("""{"n":4}""");
        var first = (await (await scene.Post(body, ("Fluxgate-Delivery", "d1"))).Success()).Text("run_id");
        Assert.Equal(first, (await (await scene.Post(body, ("Fluxgate-Delivery", "d1"))).Success()).Text("run_id"));
        Assert.NotEqual(first, (await (await scene.Post(body)).Success()).Text("run_id"));
        await scene.Post(body, ("Fluxgate-Delivery", new string('d', 101))).Refuses(401, "hook.refused");
        Assert.Equal(2, await scene.Runs());
    }

    [Fact]
    public async Task FK11_A_pause_on_another_node_holds_within_a_second()
    {
        var scene = await HookScene.New();
        await using var node = await scene.Installation.AnotherNode();
        var there = new TestClient(node.Address);
        async Task<HttpResponseMessage> SendThere() =>
            await there.Send(HttpMethod.Post, $"/hooks/{scene.Owner.Slug}/in", SignedRequest.Json(Bytes("""{"n":1}""")), SignedRequest.Header(scene.Secret, Guid.NewGuid().ToString("N"), Bytes("""{"n":1}""")));
        await (await SendThere()).Success();
        await scene.Owner.Post($"/workflows/{scene.Workflow}/pause", null).Success();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await SendThere().Refuses(503, "workflow.paused");
        await scene.Owner.Post($"/workflows/{scene.Workflow}/archive", null).Success();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await SendThere().Refuses(404, "route.not_found");
    }

    [Fact]
    public async Task FK11_A_paused_workflow_asks_a_proven_sender_to_come_back_and_tells_others_nothing()
    {
        var scene = await HookScene.New();
        await scene.Owner.Post($"/workflows/{scene.Workflow}/pause", null).Success();
        await scene.Send("""{"n":1}""").Refuses(503, "workflow.paused");
        await scene.Post(Bytes("""{"n":1}""")).Refuses(401, "hook.refused");
        await scene.Owner.Post($"/workflows/{scene.Workflow}/resume", null).Success();
        await (await scene.Send("""{"n":1}""")).Success();
    }

    [Theory]
    [InlineData("PUT", "in")]
    [InlineData("GET", "in")]
    [InlineData("POST", "IN")]
    [InlineData("POST", "in/")]
    [InlineData("POST", "")]
    [InlineData("POST", "other")]
    [InlineData("POST", "x/../in")]
    public async Task Abuse10_Only_the_address_itself_is_the_address(string method, string path)
    {
        var scene = await HookScene.New();
        var body = Bytes("""{"n":1}""");
        var answer = await scene.Installation.Client().Send(
            new HttpMethod(method), $"/hooks/{scene.Owner.Slug}/{path.Replace("..", "%2e%2e", StringComparison.Ordinal)}", method == "GET" ? null : SignedRequest.Json(body), SignedRequest.Header(scene.Secret, "d1", body));
        if (path is "x/../in" && answer.IsSuccessStatusCode)
            return; // The server resolves dot segments before routing; it is then the same address.
        Assert.Contains((int)answer.StatusCode, (int[])[404, 405]);
        Assert.Equal(0, await scene.Runs());
    }

    [Fact]
    public async Task A_sender_is_answered_after_the_run_if_the_trigger_says_so()
    {
        var scene = await HookScene.New(HookScene.Document("Finished", answer: "finished"));
        var answer = await scene.Send("""{"n":21}""");
        Assert.Equal((200, "42"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        await scene.Send("""{"n":"text"}""").Refuses(422, "run.failed");
    }

    [Fact]
    public async Task A_sender_is_answered_by_a_respond_node_that_sets_no_header_of_ours()
    {
        var scene = await HookScene.New(HookScene.Document(
            "Responding",
            """
              - { id: answer, type: respond, settings: { status: 418, headers: { X-Tea: pot, Set-Cookie: "a=b", X-Frame-Options: ALLOWALL, Location: "https://evil.example" }, body: { got: "{{ trigger.body.n }}" } } }
              - { id: later, type: delay, settings: { for: 1h } }
            """, "respond", output: "{{ 1 }}"));
        var answer = await scene.Send("""{"n":"<script>"}""");
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("<script>", (await answer.Json()).Text("got"));
        Assert.Equal("pot", answer.Headers.GetValues("X-Tea").Single());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Null(answer.Headers.Location);
        Assert.DoesNotContain("ALLOWALL", answer.Headers.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A stream that does not know its length, so that it is sent in chunks.</summary>
    private sealed class Endless(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
