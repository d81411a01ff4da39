using System.Security.Cryptography;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>Row 5 of F: an organization narrows what its own calls reach.</summary>
public sealed class EgressPolicyTests
{
    private static async Task<HttpResponseMessage> Set(TestMember member, string mode, params string[] allow)
    {
        var tag = (await member.Get("/settings/egress")).Headers.ETag!.Tag;
        return await member.Put("/settings/egress", new { mode, allow }, ("If-Match", tag));
    }

    private static string Calling(string connector) => $$"""
        format: 1
        name: Calls {{Guid.NewGuid():N}}
        trigger: { type: api }
        nodes:
          - { id: call, type: http, settings: { connector: {{connector}}, endpoint: call, body: 1 } }
        """;

    [Fact]
    public async Task F5_A_call_that_the_organization_does_not_list_is_not_made()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var path = (await Installation.Stub()).NewPath();
        var workflow = await owner.Publish(Calling(await owner.Connect(path)));
        Assert.Equal("succeeded", (await owner.FinishedRun(await owner.StartRun(workflow))).Text("status"));

        await Set(owner, "allow_list", "api.example.com").Success();
        var refused = await owner.FinishedRun(await owner.StartRun(workflow));
        Assert.Equal(("failed", "egress.not_listed"), (refused.Text("status"), refused.GetProperty("error").Text("code")));
        Assert.Single(path.Requests);

        // Another organization's calls are its own business.
        Assert.Equal("succeeded", (await other.RunOnce(Calling(await other.Connect(path)))).Text("status"));

        await Set(owner, "allow_list", $"127.0.0.2/32:{path.Address.Port}").Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(await owner.StartRun(workflow))).Text("status"));
    }

    [Fact]
    public async Task F5_An_outgoing_webhook_is_held_to_the_list_too()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        var endpoint = await owner.Post("/webhook-endpoints", new { name = "Books", url = path.Address, event_types = new[] { "*" } }).Success();
        await Set(owner, "allow_list", "api.example.com").Success();
        await owner.RunOnce("""
            format: 1
            name: Emits
            trigger: { type: api }
            nodes:
              - { id: tell, type: emit, settings: { event: invoice.posted, data: 1 } }
            """);
        await Condition.Holds(
            async () => (await owner.Get($"/webhook-endpoints/{endpoint.Id()}/deliveries").Success()).GetRawText().Contains("egress.not_listed", StringComparison.Ordinal), "the delivery is refused");
        Assert.Empty(path.Requests);
    }

    [Fact]
    public async Task F5_A_change_is_an_audit_event_and_names_the_version_it_was_made_from()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        Assert.Equal(("open", 0), ((await owner.Get("/settings/egress").Success()).Text("mode"), (await owner.Get("/settings/egress").Success()).GetProperty("version").GetInt32()));
        await Set(owner, "allow_list", "API.example.com", "api.example.com", "*.example.org:443").Success();
        var shown = await owner.Get("/settings/egress").Success();
        Assert.Equal(["api.example.com", "*.example.org:443"], shown.GetProperty("allow").EnumerateArray().Select(e => e.GetString()!));
        await owner.Put("/settings/egress", new { mode = "open", allow = Array.Empty<string>() }, ("If-Match", "\"0\"")).Refuses(412, "resource.stale");
        await owner.Put("/settings/egress", new { mode = "open", allow = Array.Empty<string>() }).Refuses(428, "precondition.missing");
        await Set(owner, "open").Success();
        var events = await installation.Audited(owner.Organization, "egress_policy.updated");
        Assert.Equal(2, events.Length);
        Assert.Contains("*.example.org:443", events[0].GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.5:443")]
    [InlineData("*.com")]
    [InlineData("https://api.example.com")]
    [InlineData("0.0.0.0/0:443")]
    public async Task An_entry_that_means_nothing_is_refused(string entry)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await Set(owner, "allow_list", "api.example.com", entry);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/allow/1");
    }

    [Fact]
    public async Task F5_An_organization_cannot_list_more_than_the_installation_does()
    {
        await using var installation = await TestInstallation.Start(("egress:mode", "allow_list"), ("egress:allow:0", "*.example.com"));
        var owner = await installation.NewOrganization();
        Assert.Equal("allow_list", (await owner.Get("/settings/egress").Success()).Text("installation_mode"));
        await Set(owner, "allow_list", "api.example.com").Success();
        var answer = await Set(owner, "allow_list", "other.test");
        Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("code") == "wider");

        var path = (await Installation.Stub()).NewPath();
        var run = await owner.RunOnce(Calling(await owner.Connect(path)));
        Assert.Equal("egress.blocked", run.GetProperty("error").Text("code"));
        Assert.Empty(path.Requests);
    }

    [Fact]
    public async Task FK04_Outside_development_a_call_by_http_is_refused_though_a_connector_has_it()
    {
        var path = (await Installation.Stub()).NewPath();
        await using var installation = await TestInstallation.Start(("profile", "staging"), ("vault:root_key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), (await Installation.Stub()).EgressSetting);
        var owner = await installation.NewOrganization();
        var connector = await owner.Post("/connectors", new
        {
            name = "plain", base_url = "https://127.0.0.2", authentication = new { type = "none" }, endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        // As one that was saved when the installation was for development.
        await installation.Change("update connectors set base_url = $2 where id = $1", connector.Id(), path.Address.AbsoluteUri);
        Assert.Equal("egress.https_required", (await owner.RunOnce(Calling("plain"))).GetProperty("error").Text("code"));
        Assert.Empty(path.Requests);
    }

    [Fact]
    public async Task A_member_without_the_permission_reads_and_does_not_change()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = installation.KeyClient(await owner.NewKey("organization:read"));
        Assert.Equal(200, (int)(await key.Get("/v1/settings/egress")).StatusCode);
        await key.Put("/v1/settings/egress", new { mode = "open", allow = Array.Empty<string>() }, ("If-Match", "\"0\"")).Refuses(403, "permission.missing");
    }
}
