using System.Net;
using Fluxgate.Server.Security;
using Fluxgate.Testing;
using static Fluxgate.Server.Tests.Access.AccessSteps;

namespace Fluxgate.Server.Tests.Access;

public sealed class KeyLifeTests
{
    [Fact]
    public async Task FX07_A_rotated_key_goes_on_for_its_grace_and_its_follower_has_scopes_networks_and_grants()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Document("kept"));
        var old = await owner.Post("/api-keys", new { name = "rotating", scopes = new[] { "workflows:read" }, networks = new[] { "127.0.0.0/8" } }).Success();
        await owner.SetAccess($"/workflows/{workflow}", "selected", KeyGrant(old, "view"));
        var next = await owner.Post($"/api-keys/{old.Id()}/rotate", new { grace_hours = 2 }).Success();
        Assert.NotEqual(old.Text("prefix"), next.Text("prefix"));
        foreach (var key in (System.Text.Json.JsonElement[])[old, next])
            await installation.KeyClient(key).Get($"/v1/workflows/{workflow}").Success();
        var shown = await owner.Get($"/api-keys/{next.Id()}").Success();
        Assert.Equal((old.Id(), "127.0.0.0/8"), (shown.GetProperty("rotated_from").GetGuid(), shown.GetProperty("networks")[0].GetString()));
        Assert.InRange((await owner.Get($"/api-keys/{old.Id()}").Success()).GetProperty("expires_at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddHours(1.9), TimeProvider.System.GetUtcNow().AddHours(2.1));
        await owner.Post($"/api-keys/{old.Id()}/rotate", new { grace_hours = 2 }).Refuses(409, "key.not_active");

        await owner.Post($"/api-keys/{next.Id()}/rotate", new { grace_hours = 0 }).Success();
        await installation.KeyClient(next).Get($"/v1/workflows/{workflow}").Refuses(401, "key.invalid");
        foreach (var hours in (int[])[-1, 169])
            await owner.Post($"/api-keys/{old.Id()}/rotate", new { grace_hours = hours }).Refuses(400, "request.invalid");
        var audited = await installation.Audited(owner.Organization, "api_key.rotated");
        Assert.Equal(2, audited.Length);
        Assert.DoesNotContain(next.Text("key")[13..], string.Concat(audited.Select(a => a.GetRawText())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("::1", false)]
    [InlineData("27.0.0.1", false)]
    [InlineData("7.0.0.0/8", false)]
    [InlineData("127.0.0.2/31", false)]
    public async Task FN03_A_key_is_taken_from_its_networks_alone(string network, bool taken)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var client = installation.KeyClient(await owner.Post("/api-keys", new { name = "k", scopes = new[] { "members:read" }, networks = new[] { network } }).Success());
        if (taken)
        {
            await client.Get("/v1/members").Success();
            return;
        }
        await client.Get("/v1/members").Refuses(403, "key.network");
        // What a sender says of its own address counts for nothing.
        foreach (var header in (string[])["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"])
            await client.Send(HttpMethod.Get, "/v1/members", null, (header, header == "Forwarded" ? $"for={network}" : network.Split('/')[0])).Refuses(403, "key.network");
        Assert.Equal("key.network", (await installation.EventuallyAudited(owner.Organization, "api_key.refused")).GetProperty("details").Text("reason"));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("10.0.0.1/8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:127.0.0.0/104")]
    [InlineData("127.1")]
    [InlineData("0x7f000001")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.test")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public async Task Abuse08_A_range_that_is_none_is_refused(string network)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/api-keys", new { name = "k", scopes = new[] { "members:read" }, networks = new[] { network } }).Refuses(400, "request.invalid");
    }

    [Fact]
    public void Abuse08_An_IPv4_address_in_IPv6_clothes_is_the_IPv4_address()
    {
        Assert.True(NetworkList.Allows(["203.0.113.0/24"], IPAddress.Parse("::ffff:203.0.113.7")));
        Assert.False(NetworkList.Allows(["203.0.113.0/24"], IPAddress.Parse("::ffff:203.0.114.7")));
        Assert.True(NetworkList.Allows(["2001:db8::/32"], IPAddress.Parse("2001:db8::1")));
        Assert.False(NetworkList.Allows(["2001:db8::/32"], IPAddress.Parse("203.0.113.7")));
        Assert.False(NetworkList.Allows(["203.0.113.0/24"], null));
        Assert.True(NetworkList.Allows([], null));
    }

    [Fact]
    public async Task FX07_A_suspended_key_is_refused_at_once_here_and_on_every_node_within_a_second_until_it_is_restored()
    {
        var installation = await Installation.Get();
        await using var other = await installation.AnotherNode();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        var there = new TestClient(other.Address) { ApiKey = key.Text("key") };
        var here = installation.KeyClient(key);
        await here.Get("/v1/members").Success();
        await there.Get("/v1/members").Success();
        async Task Becomes(int status)
        {
            Assert.Equal(status, (int)(await here.Get("/v1/members")).StatusCode);
            // The rest of the time is for the requests.
            await Condition.Holds(async () => (int)(await there.Get("/v1/members")).StatusCode == status, $"the other node answers {status}", seconds: 2);
        }
        var suspended = await owner.Post($"/api-keys/{key.Id()}/suspend", new { reason = "odd traffic" }).Success();
        Assert.Equal(("suspended", "odd traffic"), (suspended.Text("state"), suspended.Text("suspended_reason")));
        await Becomes(403);
        await there.Get("/v1/members").Refuses(403, "key.suspended");
        await owner.Post($"/api-keys/{key.Id()}/restore", null).Success();
        await Becomes(200);
        await owner.Post($"/api-keys/{key.Id()}/revoke", null).Success();
        await Becomes(401);
        await there.Get("/v1/members").Refuses(401, "key.invalid");
        Assert.Single(await installation.Audited(owner.Organization, "api_key.suspended"));
        Assert.Single(await installation.Audited(owner.Organization, "api_key.restored"));
    }

    [Fact]
    public async Task FX07_A_key_that_was_found_in_public_is_revoked_by_whoever_reports_it()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        var stranger = installation.Client();
        async Task<string> Report(string text) => await (await stranger.Post("/v1/leak-reports", new { key = text, source = "https://example.test/gist" })).Content.ReadAsStringAsync();

        // The answer is the same for a key that is none.
        var unknown = await Report(OperatorTools.NewApiKey());
        Assert.Equal(unknown, await Report("fgl_nothing"));
        Assert.Equal(unknown, await Report(key.Text("prefix") + OperatorTools.NewApiKey()[12..]));
        await installation.KeyClient(key).Get("/v1/members").Success();
        Assert.Equal(unknown, await Report($" {key.Text("key")}\n"));
        await installation.KeyClient(key).Get("/v1/members").Refuses(401, "key.invalid");
        Assert.Equal("reported as leaked", (await owner.Get($"/api-keys/{key.Id()}").Success()).Text("revoked_reason"));
        var reported = Assert.Single(await installation.Audited(owner.Organization, "api_key.leak_reported"));
        Assert.Equal("https://example.test/gist", reported.GetProperty("details").Text("source"));
        Assert.DoesNotContain(key.Text("key")[13..], reported.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(unknown, await Report(key.Text("key")));
        Assert.Single(await installation.Audited(owner.Organization, "api_key.leak_reported"));
    }

    [Fact]
    public async Task FX07_An_aged_key_is_called_due_once_a_day_and_refused_where_the_installation_says_so()
    {
        await using var installation = await TestInstallation.Start(("apikeys:max_age_days", "30"));
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        await installation.Change("update api_keys set created_at = created_at - interval '31 days' where id = $1", key.Id());
        await installation.KeyClient(key).Get("/v1/members").Success();
        Assert.True((await owner.Get($"/api-keys/{key.Id()}").Success()).GetProperty("rotation_due").GetBoolean());
        await installation.Change("update api_keys set last_used_at = last_used_at - interval '2 minutes' where id = $1", key.Id());
        await installation.KeyClient(key).Get("/v1/members").Success();
        Assert.Equal(30, Assert.Single(await installation.Audited(owner.Organization, "api_key.rotation_due")).GetProperty("details").GetProperty("max_age_days").GetInt32());
        await installation.Restart(("apikeys:max_age_days", "30"), ("apikeys:refuse_aged", "true"));
        await installation.KeyClient(key).Get("/v1/members").Refuses(403, "key.too_old");
    }

    [Fact]
    public async Task FX07_A_key_for_tests_is_refused_in_production()
    {
        var root = ("vault:root_key", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        await using var installation = await TestInstallation.Start(root);
        var owner = await installation.NewOrganization();
        var key = await owner.Post("/api-keys", new { name = "k", scopes = new[] { "members:read" }, for_tests = true }).Success();
        Assert.Matches($"^{ApiKeyText.Pattern}$", key.Text("key"));
        Assert.StartsWith("fgt_", key.Text("key"), StringComparison.Ordinal);
        await installation.KeyClient(key).Get("/v1/members").Success();
        await installation.Restart(root, ("profile", "production"), ("edge:trusted_proxies:0", "127.0.0.1"));
        await installation.KeyClient(key).Open("/v1/members", ("X-Forwarded-Proto", "https")).Refuses(401, "key.invalid");
    }

    [Fact]
    public async Task FB05_A_service_account_has_roles_and_grants_and_stops_with_one_switch()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var account = await owner.Post("/service-accounts", new { name = "Importer", roles = new[] { "viewer" } }).Success();
        var key = await owner.Post("/api-keys", new { name = "importer", scopes = new[] { "workflows:read", "members:read" }, service_account_id = account.Id() }).Success();
        var client = installation.KeyClient(key);
        var workflow = await owner.Publish(Document("kept"));
        await client.Get($"/v1/workflows/{workflow}").Success();
        // The scope is there, the role is not.
        await client.Get("/v1/members").Refuses(403, "permission.missing");

        await owner.SetAccess($"/workflows/{workflow}", "selected");
        await client.Get($"/v1/workflows/{workflow}").Refuses(404, "workflow.not_found");
        await owner.SetAccess($"/workflows/{workflow}", "selected", new { subject = new { kind = "service_account", id = account.Id() }, rights = new[] { "view" } });
        await client.Get($"/v1/workflows/{workflow}").Success();

        var etag = (await owner.Get($"/service-accounts/{account.Id()}")).Headers.ETag!.ToString();
        await owner.Put($"/service-accounts/{account.Id()}", new { name = "Importer", roles = new[] { "viewer" }, disabled = true }, ("If-Match", etag)).Success();
        await client.Get($"/v1/workflows/{workflow}").Refuses(403, "key.suspended");
        await owner.Delete($"/service-accounts/{account.Id()}").Success();
        await client.Get($"/v1/workflows/{workflow}").Refuses(401, "key.invalid");
        Assert.Equal(key.Text("prefix"), Assert.Single(await installation.Audited(owner.Organization, "service_account.deleted")).GetProperty("details").GetProperty("key_prefixes")[0].GetString());
    }

    [Fact]
    public async Task Abuse11_Nobody_rises_by_a_key_a_service_account_or_a_group_that_grants_name()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/roles", new { name = "keys", permissions = new[] { "api_keys:read", "api_keys:write", "members:read", "members:write", "workflows:read" } }).Success();
        var member = await owner.NewMember(installation, "keys");
        await member.Post("/service-accounts", new { name = "mine", roles = new[] { "admin" } }).Refuses(403, "member.role_beyond_own");
        await owner.Post("/service-accounts", new { name = "mine", roles = new[] { "owner" } }).Refuses(400, "request.invalid");

        var workflow = await owner.Publish(Document("kept"));
        var account = await owner.Post("/service-accounts", new { name = "Importer", roles = new[] { "viewer" } }).Success();
        var key = await owner.NewKey("workflows:read");
        var group = await owner.NewGroup("finance");
        await owner.SetAccess($"/workflows/{workflow}", "selected", KeyGrant(key, "view"), GroupGrant(group, "view"), new { subject = new { kind = "service_account", id = account.Id() }, rights = new[] { "view" } });
        await member.Post("/api-keys", new { name = "k", scopes = new[] { "workflows:read" }, service_account_id = account.Id() }).Refuses(403, "key.grants_beyond_own");
        await member.Post($"/api-keys/{key.Id()}/rotate", new { grace_hours = 1 }).Refuses(403, "key.grants_beyond_own");
        await member.Put($"/groups/{group}/members", new { user_ids = new[] { member.UserId } }).Refuses(403, "group.grants_beyond_own");
        var wide = await owner.NewKey("audit:read");
        await member.Post($"/api-keys/{wide.Id()}/rotate", new { grace_hours = 1 }).Refuses(403, "key.scope_beyond_own");
        Assert.Equal("permission.missing audit:read", (await Denied(installation, owner, member)).GetProperty("details").Text("reason"));
    }

    /// <summary>F809: a refusal is an event.</summary>
    private static async Task<System.Text.Json.JsonElement> Denied(TestInstallation installation, TestMember owner, TestMember member)
    {
        await member.Get("/audit-events").Refuses(403, "permission.missing");
        return await installation.EventuallyAudited(owner.Organization, "access.denied");
    }
}
