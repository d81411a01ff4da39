using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>F822: every use of a credential by a run is recorded, and the first from a new workflow or to a new host is an event.</summary>
public sealed class CredentialUseTests
{
    private static string Calling(string name, string connector) => $$"""
        format: 1
        name: {{name}}
        trigger: { type: api }
        nodes:
          - { id: call, type: http, retry: { attempts: 3, initial: 10ms }, settings: { connector: {{connector}}, endpoint: call, body: 1 } }
        """;

    private static async Task<Guid> Connect(TestMember owner, StubPath path)
    {
        var credential = await owner.Post("/credentials", new { name = "erp", type = "bearer", allowed_hosts = new[] { "127.0.0.2" }, secret = new { token = "token-0123456789" } }).Success();
        await owner.Post("/connectors", new
        {
            name = "erp", base_url = path.Address.AbsoluteUri, authentication = new { type = "bearer", credential = "erp" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        return credential.Id();
    }

    [Fact]
    public async Task F822_Each_use_is_counted_by_workflow_step_and_host()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(503), new StubAnswer(200));
        var credential = await Connect(owner, path);
        var workflow = await owner.Publish(Calling("First", "erp"));
        await owner.FinishedRun(await owner.StartRun(workflow));
        await owner.Put($"/credentials/{credential}/secret", new { secret = new { token = "token-9876543210" } }).Success();
        var last = await owner.StartRun(workflow);
        await owner.FinishedRun(last);

        var use = Assert.Single((await owner.Get($"/credentials/{credential}/uses").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("First", "call", path.Address.Authority, 3, 2, last),
            (use.Text("workflow_name"), use.Text("node"), use.Text("host"), use.GetProperty("uses").GetInt32(), use.GetProperty("secret_version").GetInt32(), use.Text("last_run_id")));
        var finished = (await installation.Audited(owner.Organization, "run.finished"))[1].GetProperty("details").GetProperty("credentials_used");
        Assert.Equal(("erp", 1, "call", 2), (finished[0].Text("credential"), finished[0].GetProperty("secret_version").GetInt32(), finished[0].Text("node"), finished[0].GetProperty("uses").GetInt32()));
    }

    [Fact]
    public async Task F822_The_first_use_from_a_new_workflow_or_to_a_new_host_is_an_event_and_the_next_ones_are_not()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        await Connect(owner, path);
        async Task<System.Text.Json.JsonElement[]> Events() => [.. (await installation.Audited(owner.Organization, "credential.first_used")).Select(e => e.GetProperty("details"))];

        var first = await owner.Publish(Calling("First", "erp"));
        await owner.FinishedRun(await owner.StartRun(first));
        await owner.FinishedRun(await owner.StartRun(first));
        var news = Assert.Single(await Events());
        Assert.Equal((true, true, "call", path.Address.Authority), (news.GetProperty("new_workflow").GetBoolean(), news.GetProperty("new_host").GetBoolean(), news.Text("node"), news.Text("host")));

        await owner.RunOnce(Calling("Second", "erp"));
        Assert.Equal(2, (await Events()).Length);
        Assert.Equal((true, false), ((await Events())[0].GetProperty("new_workflow").GetBoolean(), (await Events())[0].GetProperty("new_host").GetBoolean()));

        // The same service by another connector, which is another host to the credential.
        var authorization = await Installation.Authorization();
        await owner.Post("/connectors", new
        {
            name = "other", base_url = authorization.Address.AbsoluteUri, authentication = new { type = "bearer", credential = "erp" }, endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        await owner.RunOnce(Calling("Third", "other"));
        Assert.Equal((true, true), ((await Events())[0].GetProperty("new_workflow").GetBoolean(), (await Events())[0].GetProperty("new_host").GetBoolean()));
    }

    [Fact]
    public async Task F822_A_use_that_comes_to_no_call_is_a_use()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var issuer = (await Installation.Authorization()).NewIssuer();
        var path = (await Installation.Stub()).NewPath();
        var credential = await owner.Post("/credentials", new
        {
            name = "client", type = "oidc_client_credentials", allowed_hosts = new[] { "127.0.0.2" }, secret = new { token_url = issuer.TokenEndpoint, client_id = issuer.ClientId, client_secret = "wrong" },
        }).Success();
        await owner.Post("/connectors", new
        {
            name = "erp", base_url = path.Address.AbsoluteUri, authentication = new { type = "oidc_client_credentials", credential = "client" }, endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        await owner.RunOnce(Calling("Fails", "erp"));
        Assert.Empty(path.Requests);
        Assert.Equal(1, Assert.Single((await owner.Get($"/credentials/{credential.Id()}/uses").Success()).GetProperty("items").EnumerateArray()).GetProperty("uses").GetInt32());
    }

    [Fact]
    public async Task F822_Who_may_not_read_credentials_does_not_read_their_uses()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var credential = await Connect(owner, (await Installation.Stub()).NewPath());
        await installation.KeyClient(await owner.NewKey("connectors:read")).Get($"/v1/credentials/{credential}/uses").Refuses(403, "permission.missing");
        await (await installation.NewOrganization()).Get($"/credentials/{credential}/uses").Refuses(404, "credential.not_found");
    }
}
