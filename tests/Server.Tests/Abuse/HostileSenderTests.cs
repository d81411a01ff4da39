using System.Net;
using System.Security.Cryptography;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Abuse;

/// <summary>Webhooks: what a sender shows, and what a workflow answers with.</summary>
public sealed class HostileSenderTests
{
    private static async Task<(TestMember Owner, string Workflow)> Hook(TestInstallation installation, string key, string nodes)
    {
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", new { name = "sender", type = "api_key", allowed_hosts = new[] { "sender.example" }, secret = new { @in = "header", name = "X-Sender-Token", value = key } }).Success();
        return (owner, await PublishedWorkflows.Publish(owner, $$"""
            format: 1
            name: Receives
            trigger: { type: webhook, settings: { path: in, auth: { type: api_key, credential: sender }, answer: {{(nodes.Contains("respond", StringComparison.Ordinal) ? "respond" : "accepted")}} } }
            nodes:
            {{nodes}}
            """));
    }

    [Fact]
    public async Task Abuse14_The_key_by_which_a_sender_proves_itself_does_not_enter_the_run()
    {
        var installation = await Installation.Get();
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var (owner, _) = await Hook(installation, key, "  - { id: n, type: transform, settings: { output: '{{ trigger.headers }}' } }");
        await installation.Client().Post($"/hooks/{owner.Slug}/in", new { x = 1 }, ("X-Sender-Token", key), ("X-Other", "kept")).Success();
        var run = (await owner.Get("/runs").Success()).GetProperty("items")[0].Text("id");
        var shown = (await owner.Get($"/runs/{run}").Success()).GetRawText();
        Assert.Contains("kept", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(key, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse16_A_respond_node_does_not_steer_a_proxy_or_break_the_answer()
    {
        var installation = await Installation.Get();
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var (owner, _) = await Hook(installation, key,
            """  - { id: n, type: respond, settings: { status: 200, headers: { X-Accel-Redirect: /internal, X-Sendfile: /etc/passwd, "X-bad name": x, X-Own: fine, Set-Cookie: a=b, Location: /x }, body: 1 } }""");
        var answer = await installation.Client().Post($"/hooks/{owner.Slug}/in", new { x = 1 }, ("X-Sender-Token", key));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["X-Own"], answer.Headers.Select(h => h.Key).Where(k => k is "X-Own" or "X-Accel-Redirect" or "X-Sendfile" or "Set-Cookie" or "Location" || k.StartsWith("X-bad", StringComparison.Ordinal)));
    }

    [Fact]
    public void Abuse15_What_a_flood_left_out_is_counted_for_the_next_event()
    {
        var clock = new SteppedClock();
        var once = new Security.OnceAMinute<string>(clock);
        Assert.True(once.IsNew("a", out var again));
        Assert.Equal(0, again);
        for (var i = 0; i < 19; i++)
            Assert.False(once.IsNew("a"));
        Assert.True(once.IsNew("b"));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(once.IsNew("a", out again));
        Assert.Equal(19, again);
        Assert.False(once.IsNew("a"));
    }

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public async Task Abuse15_A_flood_of_refused_senders_is_one_event_a_minute()
    {
        var installation = await Installation.Get();
        var (owner, _) = await Hook(installation, "0123456789abcdef", "  - { id: n, type: transform, settings: { output: 1 } }");
        for (var i = 0; i < 20; i++)
            await installation.Client().Post($"/hooks/{owner.Slug}/in", new { x = 1 }, ("X-Sender-Token", $"wrong{i}")).Refuses(401, "hook.refused");
        Assert.Single(await installation.Audited(owner.Organization, "webhook.refused"));
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("%ED%A0%80")]
    public async Task Abuse15_A_query_that_no_run_can_store_is_refused(string value)
    {
        var installation = await Installation.Get();
        var (owner, _) = await Hook(installation, "0123456789abcdef", "  - { id: n, type: respond, settings: { body: '{{ trigger.query }}' } }");
        var answer = await installation.Client().Post($"/hooks/{owner.Slug}/in?a={value}", new { x = 1 }, ("X-Sender-Token", "0123456789abcdef"));
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode}");
    }
}
