using System.Net;
using Fluxgate.Server.Hosting;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>First starts need installations of their own.</summary>
public sealed class SetupTests
{
    private static (string, string)[] Bootstrap(string owner, string organization, string? key = null) =>
    [
        ("bootstrap:owner_email", owner), ("bootstrap:owner_password", TestClient.Password), ("bootstrap:organization_name", organization),
        .. key is null ? [] : ((string, string)[])[("bootstrap:api_key", key), ("bootstrap:api_key_scopes:0", "members:read"), ("bootstrap:api_key_scopes:1", "audit:read")],
    ];

    private static Task<HttpResponseMessage> SignIn(TestInstallation installation, string email, TestClient? client = null) =>
        (client ?? installation.Client()).Post("/v1/auth/sign-in", new { email, password = TestClient.Password });

    [Fact]
    public async Task F812_The_bootstrap_is_applied_once_with_its_key_and_audited()
    {
        var key = OperatorTools.NewApiKey();
        await using var installation = await TestInstallation.Start(Bootstrap("first@example.test", "Acme", key));
        Assert.Null(installation.SetupToken);
        var program = installation.Client();
        program.ApiKey = key;
        Assert.Equal("first@example.test", (await program.Get("/v1/members").Success()).GetProperty("items")[0].Text("email"));
        await program.Get("/v1/api-keys").Refuses(403, "permission.missing");
        var organization = Guid.Parse(await installation.TextOf("select id from organizations"));
        Assert.Equal("bootstrap", Assert.Single(await installation.Audited(organization, "organization.created")).GetProperty("details").Text("occasion"));
        Assert.Equal("system", Assert.Single(await installation.Audited(organization, "api_key.created")).GetProperty("actor").Text("kind"));

        var other = OperatorTools.NewApiKey();
        await installation.Restart(Bootstrap("second@example.test", "Other", other));
        Assert.Equal(HttpStatusCode.OK, (await SignIn(installation, "first@example.test")).StatusCode);
        await SignIn(installation, "second@example.test").Refuses(401, "sign_in.refused");
        program = installation.Client();
        program.ApiKey = other;
        await program.Get("/v1/members").Refuses(401, "key.invalid");
        Assert.Equal("1", await installation.TextOf("select count(*) from organizations"));
    }

    [Fact]
    public async Task F812_Of_two_nodes_that_start_together_one_applies_the_bootstrap()
    {
        await using var installation = await TestInstallation.Start();
        Task<FluxgateApplication> Node(string owner) => FluxgateApplication.Start(
            FluxgateConfiguration.Load(null, Bootstrap(owner, $"Org of {owner.Split('@')[0]}").Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2)).Concat(
            [
                KeyValuePair.Create("profile", (string?)"development"), KeyValuePair.Create("data_directory", (string?)installation.DataDirectory),
                KeyValuePair.Create("database:host", (string?)installation.DatabaseSocket), KeyValuePair.Create("listen", (string?)"http://127.0.0.1:0"),
            ])), CancellationToken.None);

        var nodes = await Task.WhenAll(Node("one@example.test"), Node("two@example.test"));
        try
        {
            Assert.Equal("1", await installation.TextOf("select count(*) from organizations"));
            Assert.Equal("1", await installation.TextOf("select count(*) from users"));
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_set_up_token_makes_one_owner_and_is_spent()
    {
        await using var installation = await TestInstallation.Start();
        Task<HttpResponseMessage> SetUp(string? token) => installation.Client().Post(
            "/v1/setup", new { token, email = People.NewEmail(), password = TestClient.Password, display_name = "Owner", organization_name = $"Org {Guid.CreateVersion7():N}" });

        await SetUp("wrong").Refuses(403, "setup.refused");
        var answers = await Task.WhenAll(SetUp(installation.SetupToken), SetUp(installation.SetupToken));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        await SetUp(installation.SetupToken).Refuses(403, "setup.refused");
        Assert.Equal("1", await installation.TextOf("select count(*) from users"));
    }

    [Fact]
    public async Task FX01_Registration_is_open_by_invitation_or_closed()
    {
        await using var installation = await TestInstallation.Start([.. Bootstrap("owner@example.test", "Acme"), ("sign_in:registration", "invite")]);
        object SignUp(string email) => new { email, password = TestClient.Password, display_name = "New", organization_name = "New organization" };
        async Task<TestMember> Owner()
        {
            var client = installation.Client();
            return await TestMember.SignedIn(client, await SignIn(installation, "owner@example.test", client));
        }

        await installation.Client().Post("/v1/auth/sign-up", SignUp(People.NewEmail())).Refuses(403, "sign_up.closed");
        var owner = await Owner();
        var invited = await owner.NewMember(installation, "admin");
        await invited.Client.Post("/v1/orgs", new { name = "Not allowed" }).Refuses(403, "organization.creation_closed");
        await owner.Client.Post("/v1/orgs", new { name = "Second" }).Success();

        await installation.Restart(("sign_in:registration", "closed"));
        owner = await Owner();
        await installation.Client().Post("/v1/auth/sign-up", SignUp(People.NewEmail())).Refuses(403, "sign_up.closed");
        var token = (await owner.Invite(People.NewEmail(), "viewer")).Text("token");
        await installation.Client().Post("/v1/invitations/accept", new { token, display_name = "New", password = TestClient.Password }).Refuses(403, "sign_up.closed");
        var known = (await (await SecondOrganization(owner)).Post("/invitations", new { email = invited.Email, roles = new[] { "viewer" } }).Success()).Text("token");
        var returning = installation.Client();
        await TestMember.SignedIn(returning, await SignIn(installation, invited.Email, returning));
        await returning.Post("/v1/invitations/accept", new { token = known }).Success();
    }

    private static async Task<OrganizationPaths> SecondOrganization(TestMember owner)
    {
        var slugs = (await owner.Client.Get("/v1/orgs").Success()).GetProperty("items").EnumerateArray().Select(o => o.Text("slug"));
        return new OrganizationPaths(owner.Client, slugs.Single(s => s != owner.Slug));
    }

    private sealed record OrganizationPaths(TestClient Client, string Slug)
    {
        public Task<HttpResponseMessage> Post(string path, object body) => Client.Post($"/v1/orgs/{Slug}{path}", body);
    }
}
