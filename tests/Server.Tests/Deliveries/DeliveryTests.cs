using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Engine.Deliveries;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Deliveries;

public sealed class DeliveryTests
{
    private const string Emits = """
        format: 1
        name: Emits
        trigger: { type: api }
        nodes:
          - { id: tell, type: emit, settings: { event: invoice.posted, data: "{{ trigger.body }}" } }
        """;

    private static Task<JsonElement> Endpoint(TestMember owner, StubPath path, params string[] events) =>
        owner.Post("/webhook-endpoints", new { name = "Books", url = path.Address, event_types = events }).Success();

    private static Task Received(StubPath path, int count) => Condition.Holds(() => Task.FromResult(path.Requests.Count >= count), $"{count} deliveries came to {path.Name}");

    private static async Task<JsonElement> Delivery(TestMember owner, JsonElement endpoint, string state)
    {
        var shown = default(JsonElement);
        await Condition.Holds(async () =>
        {
            shown = (await owner.Get($"/webhook-endpoints/{endpoint.Id()}/deliveries").Success()).GetProperty("items").EnumerateArray().SingleOrDefault();
            return shown.ValueKind == JsonValueKind.Object && shown.Text("state") == state;
        }, $"the delivery is {state}");
        return shown;
    }

    [Fact]
    public void FX09_The_signature_is_that_of_Standard_Webhooks()
    {
        // Example of the specification.
        var signature = StandardWebhooks.Sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public async Task FX09_An_event_is_delivered_signed_with_the_endpoints_own_secret_which_is_shown_once()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(204));
        var endpoint = await Endpoint(owner, path, "invoice.posted");
        var secret = endpoint.Text("secret");
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", secret);
        await owner.RunOnce(Emits, new { number = "R-1" });
        await Received(path, 1);

        var request = Assert.Single(path.Requests);
        var (id, time) = (request.Headers["webhook-id"], request.Headers["webhook-timestamp"]);
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. request.Body]);
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", request.Headers["webhook-signature"]);
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(time, CultureInfo.InvariantCulture), 0, 60);
        using var sent = JsonDocument.Parse(request.Body);
        Assert.Equal((id, "invoice.posted", "R-1"), (sent.RootElement.Text("id"), sent.RootElement.Text("type"), sent.RootElement.GetProperty("data").Text("number")));

        var delivery = await Delivery(owner, endpoint, "succeeded");
        Assert.Equal((1, 204), (delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("last_status").GetInt32()));
        foreach (var answer in (string[])["/webhook-endpoints", $"/webhook-endpoints/{endpoint.Id()}/deliveries", "/audit-events"])
            Assert.DoesNotContain(secret, await (await owner.Get(answer)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await installation.TextOf("select row_to_json(w)::text from webhook_endpoints w where id = $1", endpoint.Id()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FX09_A_failed_delivery_is_tried_again_under_the_same_id_and_every_attempt_is_kept()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(500, "out of paper"), new StubAnswer(200) { CutsOff = true }, new StubAnswer(200));
        var endpoint = await Endpoint(owner, path, "*");
        await owner.RunOnce(Emits, new { number = "R-1" });
        var delivery = await Delivery(owner, endpoint, "succeeded");
        Assert.Equal((3, 200), (delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("last_status").GetInt32()));
        Assert.Single(path.Requests.Select(r => r.Headers["webhook-id"]).Distinct());
        Assert.Single(path.Requests.Select(r => r.Text).Distinct());
        Assert.Equal(delivery.Text("event_id"), path.Requests[0].Headers["webhook-id"]);
        var attempts = await installation.TextOf("""
            select string_agg(attempt || ':' || coalesce(status::text, error_code) || ':' || (response is not null), ' ' order by attempt) from delivery_attempts where delivery_id = $1
            """, delivery.Id());
        Assert.Matches("^1:500:true 2:egress\\.[a-z_]+:false 3:200:true$", attempts);
        // What the receiver said is kept sealed.
        Assert.Equal("f", (await installation.TextOf("select bool_or(position('paper'::bytea in response) > 0)::text from delivery_attempts where delivery_id = $1", delivery.Id()))[..1]);
    }

    [Fact]
    public async Task FX09_A_receiver_that_is_gone_is_not_asked_again()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(410));
        var endpoint = await Endpoint(owner, path, "*");
        await owner.RunOnce(Emits, 1);
        Assert.Equal(1, (await Delivery(owner, endpoint, "failed")).GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task FX09_An_endpoint_gets_the_events_that_it_asked_for_and_none_of_another_organization()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var stub = await Installation.Stub();
        var (posted, approved, all, theirs) = (stub.NewPath(), stub.NewPath(), stub.NewPath(), stub.NewPath());
        await Endpoint(owner, posted, "invoice.posted");
        await Endpoint(owner, approved, "review.approved", "review.created");
        await Endpoint(owner, all, "*");
        await Endpoint(other, theirs, "*");

        await owner.RunOnce(Emits, 1);
        var run = await owner.StartRun(await owner.Publish("""
            format: 1
            name: Asks
            trigger: { type: api }
            nodes:
              - { id: ask, type: review, settings: { title: T, content: { secret: s3cret } } }
            """));
        var review = (await owner.RunIn(run, "waiting")).Step("ask").Text("review_id");
        var hash = (await owner.Get($"/reviews/{review}").Success()).Text("content_sha256");
        await owner.Post($"/reviews/{review}/decisions", new { decision = "approve", content_sha256 = hash }).Success();
        await Received(all, 3);
        await Received(approved, 2);

        static string[] Types(StubPath path) => [.. path.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.Text("type")).Order()];
        Assert.Equal(["invoice.posted"], Types(posted));
        Assert.Equal(["review.approved", "review.created"], Types(approved));
        Assert.Equal(["invoice.posted", "review.approved", "review.created"], Types(all));
        Assert.Empty(theirs.Requests);
        // An event tells that there is something to look at, not what.
        Assert.DoesNotContain(all.Requests, r => r.Text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FX09_A_review_that_expires_is_an_event()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        await Endpoint(owner, path, "review.expired");
        var run = await owner.RunOnce("""
            format: 1
            name: Asks
            trigger: { type: api }
            nodes:
              - { id: ask, type: review, settings: { title: T, content: 1, expires_in: 100ms } }
            """);
        await Received(path, 1);
        using var sent = JsonDocument.Parse(path.Requests[0].Body);
        Assert.Equal((run.Text("id"), run.Step("ask").Text("review_id")), (sent.RootElement.GetProperty("data").Text("run_id"), sent.RootElement.GetProperty("data").Text("review_id")));
    }

    [Theory]
    [InlineData("ftp://example.test/")]
    [InlineData("https://user@example.test/")]
    [InlineData("https://example.test/#x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task Abuse06_An_endpoint_has_an_address_of_the_web(string url)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/webhook-endpoints", new { name = "N", url, event_types = new[] { "*" } }).Refuses(400, "request.invalid");
        await owner.Post("/webhook-endpoints", new { name = "N", url = "https://example.test/", event_types = new[] { "A B" } }).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task Abuse06_A_delivery_reaches_nothing_inside_and_says_so()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var endpoint = await owner.Post("/webhook-endpoints", new { name = "Inside", url = new Uri(installation.Address, "/v1/me"), event_types = new[] { "*" } }).Success();
        await owner.RunOnce(Emits, 1);
        await Condition.Holds(async () =>
            (await owner.Get($"/webhook-endpoints/{endpoint.Id()}/deliveries").Success()).GetProperty("items").EnumerateArray().Any(d => d.GetProperty("last_error").GetString() is { Length: > 0 }), "the attempt is recorded");
        var delivery = Assert.Single((await owner.Get($"/webhook-endpoints/{endpoint.Id()}/deliveries").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal(("egress.blocked", JsonValueKind.Null), (delivery.Text("last_error"), delivery.GetProperty("last_status").ValueKind));
    }

    [Fact]
    public async Task Abuse01_Another_organizations_endpoint_is_not_there()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var endpoint = await Endpoint(owner, (await Installation.Stub()).NewPath(), "*");
        await other.Get($"/webhook-endpoints/{endpoint.Id()}/deliveries").Refuses(404, "webhook_endpoint.not_found");
        await other.Delete($"/webhook-endpoints/{endpoint.Id()}").Refuses(404, "webhook_endpoint.not_found");
        await owner.Delete($"/webhook-endpoints/{endpoint.Id()}").Success();
    }
}
