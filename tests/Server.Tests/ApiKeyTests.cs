using System.Text.Json;
using Fluxgate.Server.Security;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-API-Key", "")]
    public async Task FK01_A_key_opens_its_organization_by_either_header(string header, string scheme)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = (await owner.NewKey("members:read")).Text("key");
        var client = installation.Client();

        foreach (var path in (string[])["/v1/members", $"/v1/orgs/{owner.Slug}/members", $"/v1/orgs/{owner.Organization}/members"])
        {
            var members = await client.Send(HttpMethod.Get, path, null, (header, scheme + key)).Success();
            Assert.Equal(owner.Email, members.GetProperty("items")[0].Text("email"));
        }
    }

    [Fact]
    public async Task FX07_The_key_is_shown_once_and_kept_as_a_keyed_hash()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var created = await owner.NewKey("workflows:read", "runs:read");
        var key = created.Text("key");

        Assert.Matches("^fgl_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$", key);
        Assert.Equal(key[..12], created.Text("prefix"));
        foreach (var path in (string[])["/api-keys", $"/api-keys/{created.Id()}"])
            Assert.DoesNotContain(key[12..], await (await owner.Get(path)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var row = await installation.TextOf("select row_to_json(k)::text from api_keys k where id = $1", created.Id());
        Assert.DoesNotContain(key[12..], row, StringComparison.Ordinal);
        var plainHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key)));
        Assert.DoesNotContain(plainHash, row, StringComparison.Ordinal);
        var audited = Assert.Single(await installation.Audited(owner.Organization, "api_key.created"));
        Assert.DoesNotContain(key[12..], audited.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(key[..12], audited.GetProperty("details").Text("prefix"));
    }

    [Fact]
    public async Task FX07_A_key_lives_90_days_unless_told_otherwise_and_no_longer_than_a_year()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var created = await owner.NewKey("runs:read");
        Assert.Equal(90, (created.GetProperty("expires_at").GetDateTimeOffset() - created.GetProperty("created_at").GetDateTimeOffset()).TotalDays, 0.01);

        foreach (var days in (int[])[-1, 366])
        {
            var answer = await owner.Post("/api-keys", new { name = "x", scopes = new[] { "runs:read" }, expires_at = TimeProvider.System.GetUtcNow().AddDays(days) });
            Assert.Equal("/expires_at", (await answer.Json()).GetProperty("errors")[0].Text("pointer"));
        }
    }

    [Fact]
    public async Task FX07_A_revoked_key_opens_nothing_from_the_next_request_on()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        var client = installation.KeyClient(key);
        await client.Get("/v1/members").Success();

        var revoked = await owner.Post($"/api-keys/{key.Id()}/revoke", null).Success();
        Assert.Equal("revoked", revoked.Text("state"));
        await client.Get("/v1/members").Refuses(401, "key.invalid");
        await owner.Post($"/api-keys/{key.Id()}/revoke", null).Success();
        Assert.Single(await installation.Audited(owner.Organization, "api_key.revoked"));
    }

    [Fact]
    public async Task FX07_An_expired_key_opens_nothing()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        await installation.Change("update api_keys set expires_at = clock_timestamp() where id = $1", key.Id());
        await installation.KeyClient(key).Get("/v1/members").Refuses(401, "key.invalid");
        Assert.Equal("expired", (await owner.Get($"/api-keys/{key.Id()}").Success()).Text("state"));
    }

    [Fact]
    public async Task FX07_The_last_use_is_written_at_most_once_a_minute()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        async Task<string> LastUse()
        {
            await installation.KeyClient(key).Get("/v1/members").Success();
            var shown = await owner.Get($"/api-keys/{key.Id()}").Success();
            Assert.Equal("127.0.0.1", shown.Text("last_used_network"));
            return shown.Text("last_used_at");
        }

        var first = await LastUse();
        Assert.Equal(first, await LastUse());
        await installation.Change("update api_keys set last_used_at = last_used_at - interval '61 seconds' where id = $1", key.Id());
        Assert.NotEqual(first, await LastUse());
    }

    [Fact]
    public async Task FN02_Keys_that_are_altered_unknown_or_doubled_are_refused_alike()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = (await owner.NewKey("members:read")).Text("key");
        var other = (await owner.NewKey("members:read")).Text("key");
        var client = installation.Client();
        // The same prefix with another secret and a checksum that holds: only the hash tells.
        var forged = ApiKeyText.WithChecksum(key[..13] + OperatorTools.NewApiKey()[13..56]);

        foreach (var wrong in (string[])[key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), key.ToUpperInvariant(), OperatorTools.NewApiKey(), forged, "fgl_", "eyJhbGciOiJub25lIn0.e30."])
        {
            await client.Send(HttpMethod.Get, "/v1/members", null, ("Authorization", "Bearer " + wrong)).Refuses(401, "key.invalid");
            await client.Send(HttpMethod.Get, "/v1/members", null, ("X-API-Key", wrong)).Refuses(401, "key.invalid");
        }
        await client.Send(HttpMethod.Get, "/v1/members", null, ("X-API-Key", key), ("Authorization", "Bearer " + other)).Refuses(401, "key.invalid");
    }

    [Fact]
    public async Task FN05_A_key_on_another_organizations_route_is_refused_whether_or_not_that_exists()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var other = await installation.NewOrganization();
        var client = installation.KeyClient(await owner.NewKey("members:read"));
        foreach (var organization in (string[])[other.Slug, other.Organization.ToString(), "no-such-organization", Guid.Empty.ToString()])
            await client.Get($"/v1/orgs/{organization}/members").Refuses(403, "key.wrong_organization");
    }

    [Fact]
    public async Task Abuse11_A_key_may_what_its_scopes_say_and_nothing_else()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var client = installation.KeyClient(await owner.NewKey("members:read", "api_keys:write"));
        await client.Get("/v1/members").Success();
        await client.Get("/v1/api-keys").Refuses(403, "permission.missing");
        await client.Post("/v1/invitations", new { email = People.NewEmail(), roles = new[] { "viewer" } }).Refuses(403, "permission.missing");
        await client.Post("/v1/api-keys", new { name = "wider", scopes = new[] { "audit:read" } }).Refuses(403, "key.scope_beyond_own");
        await client.Post("/v1/api-keys", new { name = "narrower", scopes = new[] { "members:read" } }).Success();
    }

    [Fact]
    public async Task Abuse11_A_member_gives_a_key_no_right_that_they_lack()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var admin = await owner.NewMember(installation, "admin");
        await admin.NewKey("workflows:write");
        await owner.Put($"/members/{admin.UserId}", new { roles = new[] { "viewer" } }).Success();
        await admin.Post("/api-keys", new { name = "x", scopes = new[] { "workflows:read" } }).Refuses(403, "permission.missing");
    }

    [Fact]
    public async Task F801_With_a_key_and_a_cookie_the_key_counts()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        owner.Client.ApiKey = (await owner.NewKey("runs:read")).Text("key");
        await owner.Get("/members").Refuses(403, "permission.missing");
        await owner.Client.Get("/v1/me").Refuses(403, "key.no_person");
        owner.Client.ApiKey = OperatorTools.NewApiKey();
        await owner.Get("/members").Refuses(401, "key.invalid");
    }

    [Fact]
    public async Task Abuse01_Another_organizations_key_is_not_there()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var other = await installation.NewOrganization();
        var key = await other.NewKey("runs:read");
        await owner.Get($"/api-keys/{key.Id()}").Refuses(404, "api_key.not_found");
        await owner.Post($"/api-keys/{key.Id()}/revoke", null).Refuses(404, "api_key.not_found");
        await owner.Post("/api-keys", new { name = "x", scopes = new[] { "runs:read" }, organization_id = other.Organization }).Refuses(400, "body.malformed");
        Assert.Equal("active", (await other.Get($"/api-keys/{key.Id()}").Success()).Text("state"));
    }

    [Fact]
    public void The_checksum_is_CRC_32() => Assert.Equal(0xCBF43926u, ApiKeyText.Crc32("123456789"u8));

    [Fact]
    public async Task Keys_are_listed_newest_first_in_pages()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
            ids.Insert(0, (await owner.NewKey("runs:read")).Id());
        var first = await owner.Get("/api-keys?limit=2").Success();
        var second = await owner.Get($"/api-keys?limit=2&cursor={first.Text("next_cursor")}").Success();
        Assert.Equal(ids, first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(k => k.Id()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
    }
}
