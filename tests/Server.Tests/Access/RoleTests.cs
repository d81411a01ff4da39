using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Fluxgate.Server.Tests.Access.AccessSteps;

namespace Fluxgate.Server.Tests.Access;

public sealed class RoleTests
{
    [Fact]
    public async Task F804_An_organization_makes_roles_of_its_own()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var made = await owner.Post("/roles", new { name = "auditor", description = "Reads the audit", permissions = new[] { "audit:read" } }).Success();
        Assert.False(made.GetProperty("built_in").GetBoolean());
        var member = await owner.NewMember(installation, "auditor");
        await member.Get("/audit-events").Success();
        await member.Get("/members").Refuses(403, "permission.missing");

        var etag = (await owner.Get("/roles/auditor")).Headers.ETag!.ToString();
        await owner.Put("/roles/auditor", new { permissions = new[] { "members:read" } }, ("If-Match", etag)).Success();
        await owner.Put("/roles/auditor", new { permissions = Array.Empty<string>() }, ("If-Match", etag)).Refuses(412, "resource.stale");
        await member.Get("/audit-events").Refuses(403, "permission.missing");
        await member.Get("/members").Success();
        Assert.Equal(["role.changed", "role.created"], (await owner.Get("/audit-events?resource_kind=role").Success()).GetProperty("items").EnumerateArray().Select(e => e.Text("type")));

        await owner.Delete("/roles/auditor").Refuses(409, "role.in_use");
        await owner.Put($"/members/{member.UserId}", new { roles = new[] { "none" } }).Success();
        await owner.Delete("/roles/auditor").Success();
        await owner.Get("/roles/auditor").Refuses(404, "role.not_found");
        await owner.Put($"/members/{member.UserId}", new { roles = new[] { "auditor" } }).Refuses(400, "request.invalid");
    }

    [Theory]
    [InlineData("owner", new[] { "audit:read" }, 409, "role.name_taken")]
    [InlineData("Upper", new[] { "audit:read" }, 400, "request.invalid")]
    [InlineData("fine", new[] { "audit:everything" }, 400, "request.invalid")]
    public async Task F804_A_role_that_cannot_be_is_refused(string name, string[] permissions, int status, string code)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/roles", new { name, permissions }).Refuses(status, code);
        await owner.Put("/roles/owner", new { permissions }, ("If-Match", "\"0\"")).Refuses(code == "request.invalid" && permissions[0] != "audit:read" ? 400 : 422, permissions[0] == "audit:read" ? "role.built_in" : "request.invalid");
    }

    [Fact]
    public async Task Abuse11_Nobody_rises_by_a_role_or_a_group()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/roles", new { name = "people", permissions = new[] { "members:read", "members:write", "roles:write" } }).Success();
        var people = await owner.NewMember(installation, "people");
        await people.Post("/roles", new { name = "mine", permissions = new[] { "audit:read" } }).Refuses(403, "role.beyond_own");
        await owner.Post("/roles", new { name = "auditor", permissions = new[] { "audit:read" } }).Success();
        var etag = (await owner.Get("/roles/auditor")).Headers.ETag!.ToString();
        await people.Put("/roles/auditor", new { permissions = Array.Empty<string>() }, ("If-Match", etag)).Refuses(403, "role.beyond_own");
        await people.Put($"/members/{people.UserId}", new { roles = new[] { "people", "auditor" } }).Refuses(403, "member.role_beyond_own");
        await people.Post("/invitations", new { email = People.NewEmail(), roles = new[] { "auditor" } }).Refuses(403, "member.role_beyond_own");

        var group = await owner.NewGroup("auditors");
        await people.Put($"/groups/{group}/roles", new { roles = new[] { "auditor" } }).Refuses(403, "member.role_beyond_own");
        await owner.Put($"/groups/{group}/roles", new { roles = new[] { "owner" } }).Refuses(400, "request.invalid");
        await owner.Put($"/groups/{group}/roles", new { roles = new[] { "auditor" } }).Success();
        await people.Put($"/groups/{group}/members", new { user_ids = new[] { people.UserId } }).Refuses(403, "member.role_beyond_own");
        await people.Delete($"/groups/{group}").Refuses(403, "member.role_beyond_own");
    }

    [Fact]
    public async Task F804_A_group_brings_its_roles_to_its_members()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, "none");
        var group = await owner.NewGroup("auditors", member);
        await member.Get("/audit-events").Refuses(403, "permission.missing");
        await owner.Put($"/groups/{group}/roles", new { roles = new[] { "audit_viewer" } }).Success();
        await member.Get("/audit-events").Success();
        Assert.Contains("audit:read", (await member.Client.Get("/v1/me").Success()).GetProperty("organizations")[0].GetProperty("permissions").EnumerateArray().Select(p => p.GetString()));
        await owner.Put($"/groups/{group}/members", new { user_ids = Array.Empty<Guid>() }).Success();
        await member.Get("/audit-events").Refuses(403, "permission.missing");
    }

    [Fact]
    public async Task FX05_PostgreSQL_itself_shows_who_only_reviews_nothing_but_reviews()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var reviewer = await owner.NewMember(installation, "reviewer");
        await owner.RunOnce(Document("hidden"), 1);
        await owner.Post("/credentials", new { name = "hidden", type = "bearer", allowed_hosts = new[] { "example.test" }, secret = new { token = "hidden" } }).Success();
        var database = installation.Services.GetRequiredService<Database>();
        var (organization, user) = (new OrganizationId(owner.Organization), new UserId(reviewer.UserId));
        async Task<long[]> Counts(Session session) =>
        [
            await session.QueryOne<long>($"select count(*) from runs", default), await session.QueryOne<long>($"select count(*) from run_journal", default),
            await session.QueryOne<long>($"select count(*) from workflow_versions", default), await session.QueryOne<long>($"select count(*) from credentials", default),
        ];
        Assert.All(await Counts(database.Tenant(organization, user)), count => Assert.True(count > 0));
        Assert.All(await Counts(database.Reviewer(organization, user)), count => Assert.Equal(0, count));

        // And that is the session that the gate gives to such a person.
        var reviewing = new Security.OrganizationCaller(organization, user, new Actor(ActorKind.User, user.Value, "r"), ["reviewer"], Security.BuiltInRoles.All["reviewer"]);
        Assert.All(await Counts(Security.CallerSessions.As(database, reviewing)), count => Assert.Equal(0, count));
        var both = reviewing with { Permissions = Security.BuiltInRoles.PermissionsOf(["reviewer", "viewer"], []) };
        Assert.All(await Counts(Security.CallerSessions.As(database, both)), count => Assert.True(count > 0));
    }
}
