using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class MemberTests
{
    [Fact]
    public async Task FX05_The_roles_say_what_they_allow_and_add_up()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var roles = (await owner.Get("/roles").Success()).GetProperty("items").EnumerateArray()
            .ToDictionary(r => r.Text("name"), r => r.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()!).ToHashSet());
        Assert.Equal(["reviews:approve", "reviews:read"], roles["reviewer"].Order());
        Assert.Empty(roles["none"]);

        var member = await owner.NewMember(installation, "reviewer", "audit_viewer");
        var permissions = (await member.Client.Get("/v1/me").Success()).GetProperty("organizations")[0].GetProperty("permissions").EnumerateArray().Select(p => p.GetString()!);
        Assert.Equal(roles["reviewer"].Union(roles["audit_viewer"]).Order(), permissions.Order());
    }

    [Theory]
    [InlineData("reviewer")]
    [InlineData("none")]
    public async Task FX05_Who_is_only_a_reviewer_reaches_nothing_of_the_organization_but_reviews(string role)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, role);
        foreach (var path in (string[])["", "/members", "/roles", "/invitations", "/api-keys", "/credentials", "/connectors"])
            await member.Get(path).Refuses(403, "permission.missing");
        Assert.Equal(HttpStatusCode.OK, (await member.Client.Get("/v1/me/sessions")).StatusCode);
    }

    [Fact]
    public async Task An_owner_changes_roles_and_the_change_is_audited()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, "viewer");
        await member.Get("/members").Refuses(403, "permission.missing");
        await owner.Put($"/members/{member.UserId}", new { roles = new[] { "admin" } }).Success();
        await member.Get("/members").Success();
        var change = Assert.Single(await installation.Audited(owner.Organization, "member.roles_changed"));
        Assert.Equal("viewer", change.GetProperty("before").GetProperty("roles")[0].GetString());
        Assert.Equal("admin", change.GetProperty("after").GetProperty("roles")[0].GetString());
        Assert.Equal(owner.UserId, change.GetProperty("actor").Id());
    }

    [Fact]
    public async Task Abuse11_Nobody_grants_above_their_own_rights()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var admin = await owner.NewMember(installation, "admin");
        var viewer = await owner.NewMember(installation, "viewer");

        await admin.Put($"/members/{viewer.UserId}", new { roles = new[] { "flow_editor" } }).Success();
        await admin.Put($"/members/{viewer.UserId}", new { roles = new[] { "owner" } }).Refuses(403, "member.owner_only");
        await admin.Put($"/members/{admin.UserId}", new { roles = new[] { "owner" } }).Refuses(403, "member.owner_only");
        await admin.Put($"/members/{owner.UserId}", new { roles = new[] { "viewer" } }).Refuses(403, "member.owner_only");
        await admin.Delete($"/members/{owner.UserId}").Refuses(403, "member.owner_only");
        await admin.Post("/invitations", new { email = People.NewEmail(), roles = new[] { "owner" } }).Refuses(403, "member.owner_only");

        // A key that may write members and nothing else cannot give what it lacks.
        var key = installation.KeyClient(await owner.NewKey("members:write", "members:read"));
        await key.Put($"/v1/members/{viewer.UserId}", new { roles = new[] { "flow_editor", "admin" } }).Refuses(403, "member.role_beyond_own");
        await key.Post("/v1/invitations", new { email = People.NewEmail(), roles = new[] { "viewer" } }).Refuses(403, "member.role_beyond_own");
        await key.Post("/v1/invitations", new { email = People.NewEmail(), roles = new[] { "none" } }).Success();
    }

    [Fact]
    public async Task An_organization_keeps_its_last_owner()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Delete($"/members/{owner.UserId}").Refuses(409, "member.last_owner");
        await owner.Put($"/members/{owner.UserId}", new { roles = new[] { "admin" } }).Refuses(409, "member.last_owner");

        var second = await owner.NewMember(installation, "owner");
        // Both step down at once: one of them stays.
        var answers = await Task.WhenAll(
            owner.Put($"/members/{owner.UserId}", new { roles = new[] { "viewer" } }),
            second.Put($"/members/{second.UserId}", new { roles = new[] { "viewer" } }));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
    }

    [Fact]
    public async Task A_removed_member_is_out_at_once()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, "viewer");
        await member.Get("").Success();
        await owner.Delete($"/members/{member.UserId}").Success();
        await member.Get("").Refuses(404, "organization.not_found");
        await owner.Delete($"/members/{member.UserId}").Refuses(404, "member.not_found");
        Assert.Single(await installation.Audited(owner.Organization, "member.removed"));
    }

    [Fact]
    public async Task Abuse01_Another_organizations_member_is_not_there()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        await owner.Put($"/members/{other.UserId}", new { roles = new[] { "viewer" } }).Refuses(404, "member.not_found");
        await owner.Delete($"/members/{other.UserId}").Refuses(404, "member.not_found");
        await owner.Put($"/members/{owner.UserId}", new { roles = new[] { "owner" }, organization_id = other.Organization }).Refuses(400, "body.malformed");
        await owner.Put($"/members/{owner.UserId}", new { roles = new[] { "emperor" } }).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task FX02_A_person_has_further_organizations_each_by_its_route()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var name = $"Second {Guid.CreateVersion7():N}";
        var created = await owner.Client.Post("/v1/orgs", new { name }).Success();
        var second = created.Text("slug");
        await owner.Client.Post("/v1/orgs", new { name }).Refuses(409, "organization.slug_taken");

        var mine = (await owner.Client.Get("/v1/orgs").Success()).GetProperty("items").EnumerateArray().Select(o => o.Id());
        Assert.Equal([owner.Organization, created.Id()], mine);
        await owner.Client.Put($"/v1/orgs/{second}/organization", new { name = "Renamed" }).Success();
        Assert.Equal("Renamed", (await owner.Client.Get($"/v1/orgs/{second}").Success()).Text("name"));
        Assert.NotEqual("Renamed", (await owner.Get("").Success()).Text("name"));
    }
}
