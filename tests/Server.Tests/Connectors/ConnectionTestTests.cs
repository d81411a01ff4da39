using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>FK14: the connection test of a connector, stage by stage.</summary>
public sealed class ConnectionTestTests
{
    private static async Task<Guid> Connect(TestMember owner, Uri address, object? authentication = null, string path = "/call") => (await owner.Post("/connectors", new
    {
        name = "api", base_url = address.AbsoluteUri, authentication = authentication ?? new { type = "none" },
        endpoints = new[] { new { name = "read", method = "GET", path }, new { name = "write", method = "POST", path }, new { name = "one", method = "GET", path = path + "/{id}" } },
        breaker = new { failure_threshold = 1, open_seconds = 600 },
    }).Success()).Id();

    private static string[] Stages(System.Text.Json.JsonElement result) =>
        [.. result.GetProperty("stages").EnumerateArray().Select(s => s.Text("stage") + (s.GetProperty("passed").GetBoolean() ? "" : $" {s.GetProperty("error").Text("code")}"))];

    [Fact]
    public async Task FK14_Stages_pass_in_their_order_and_a_call_is_made_only_where_it_is_asked_for()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        var id = await Connect(owner, path.Address);
        Assert.Equal(["reach"], Stages(await owner.Post($"/connectors/{id}/test", new { }).Success()));
        Assert.Empty(path.Requests);
        var called = await owner.Post($"/connectors/{id}/test", new { endpoint = "read" }).Success();
        Assert.Equal(["reach", "call"], Stages(called));
        Assert.Equal(200, called.GetProperty("stages")[1].GetProperty("status").GetInt32());
        Assert.Equal("GET", Assert.Single(path.Requests).Method);

        await owner.Post($"/connectors/{id}/test", new { endpoint = "write" }).Refuses(400, "request.invalid");
        await owner.Post($"/connectors/{id}/test", new { endpoint = "one" }).Refuses(400, "request.invalid");
        await owner.Post($"/connectors/{id}/test", new { endpoint = "none" }).Refuses(400, "request.invalid");
        Assert.Single(path.Requests);
        Assert.True((await owner.Post($"/connectors/{id}/test", new { endpoint = "write", allow_changes = true }).Success()).GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task FK14_A_failing_stage_is_the_last_is_audited_and_does_not_move_the_breaker()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(503, "the secret word"));
        var id = await Connect(owner, path.Address);
        var result = await owner.Post($"/connectors/{id}/test", new { endpoint = "read" }).Success();
        Assert.Equal(["reach", "call http.status"], Stages(result));
        Assert.DoesNotContain("secret word", result.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("closed", (await owner.Get($"/connectors/{id}").Success()).GetProperty("breaker_status").Text("state"));
        var audited = Assert.Single(await installation.Audited(owner.Organization, "connector.tested"));
        Assert.Equal("failed", audited.Text("result"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", "reach egress.blocked")]
    [InlineData("http://169.254.169.254/", "reach egress.blocked")]
    [InlineData("http://no-such-host.invalid/", "reach egress.connect")]
    public async Task Abuse06_A_test_reaches_no_further_than_a_run(string address, string stage)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        Assert.Equal([stage], Stages(await owner.Post($"/connectors/{await Connect(owner, new Uri(address))}/test", new { endpoint = "read" }).Success()));
    }

    [Fact]
    public async Task FK14_Signing_in_is_a_stage_of_its_own()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var issuer = (await Installation.Authorization()).NewIssuer();
        var path = (await Installation.Stub()).NewPath();
        await owner.Post("/credentials", new { name = "client", type = "oidc_client_credentials", allowed_hosts = new[] { "127.0.0.2" }, secret = new { token_url = issuer.TokenEndpoint, client_id = issuer.ClientId, client_secret = "wrong" } }).Success();
        var id = await Connect(owner, path.Address, new { type = "oidc_client_credentials", credential = "client" });
        Assert.Equal(["reach", "authenticate connector.sign_in_failed"], Stages(await owner.Post($"/connectors/{id}/test", new { endpoint = "read" }).Success()));
        Assert.Empty(path.Requests);
    }

    [Fact]
    public async Task FK14_The_command_line_shows_the_stages_and_ends_with_one_when_a_stage_fails()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200), new StubAnswer(404));
        await Connect(owner, path.Address);
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var (exit, output, _) = await shell.Run(null, "connectors", "test", "api", "--endpoint", "read");
        Assert.Equal(0, exit);
        Assert.Contains("status 200", output, StringComparison.Ordinal);
        (exit, output, _) = await shell.Run(null, "connectors", "test", "api", "--endpoint", "read");
        Assert.Equal(1, exit);
        Assert.Contains("http.status", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_connectors_does_not_test_them()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var id = await Connect(owner, (await Installation.Stub()).NewPath().Address);
        await installation.KeyClient(await owner.NewKey("connectors:read")).Post($"/v1/connectors/{id}/test", new { }).Refuses(403, "permission.missing");
    }
}
