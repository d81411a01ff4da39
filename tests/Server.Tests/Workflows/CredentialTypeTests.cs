using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

public sealed class CredentialTypeTests
{
    private const string Hook = """
        format: 1
        name: Hook
        trigger: { type: webhook, settings: { path: in, auth: { type: hmac, credential: signer } } }
        nodes:
          - { id: a, type: transform, settings: { output: 1 } }
        """;

    private static object Hmac => new { name = "signer", type = "hmac", allowed_hosts = new[] { "example.test" }, secret = new { secret = new string('s', 40) } };

    private static object Bearer(string name, string host) => new { name, type = "bearer", allowed_hosts = new[] { host }, secret = new { token = "token" } };

    [Fact]
    public async Task FX04_A_credential_of_another_type_is_refused_at_save_and_at_publish()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var draft = await owner.Draft(Hook).Success();
        var missing = await owner.Post($"/workflows/{draft.Id()}/publish", null);
        Assert.Equal("credential.not_found", (await missing.Json()).GetProperty("errors")[0].Text("code"));

        await owner.Post("/credentials", Bearer("signer", "example.test")).Success();
        foreach (var answer in (HttpResponseMessage[])
        [
            await owner.Post($"/workflows/{draft.Id()}/publish", null),
            await owner.Draft(Hook.Replace("name: Hook", "name: Other", StringComparison.Ordinal)),
            await owner.Put($"/workflows/{draft.Id()}/draft", new { document = Hook, format = "yaml" }, ("If-Match", "\"1\"")),
        ])
        {
            Assert.Equal(422, (int)answer.StatusCode);
            var fault = Assert.Single((await answer.Json()).GetProperty("errors").EnumerateArray());
            Assert.Equal(("/trigger/settings/auth/credential", "credential.type", 3), (fault.Text("pointer"), fault.Text("code"), fault.GetProperty("line").GetInt32()));
        }
    }

    [Fact]
    public async Task FX04_A_trigger_whose_credential_became_another_type_starts_nothing()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var signer = await owner.Post("/credentials", Hmac).Success();
        await owner.Publish(Hook);
        await owner.Delete($"/credentials/{signer.Id()}").Success();
        await owner.Post("/credentials", Bearer("signer", "example.test")).Success();

        var body = "{}"u8.ToArray();
        await installation.Client().Send(HttpMethod.Post, $"/hooks/{owner.Slug}/in", Hooks.SignedRequest.Json(body), Hooks.SignedRequest.Header(new string('s', 40), "d1", body)).Refuses(401, "hook.refused");
        Assert.Empty((await owner.Get("/runs").Success()).GetProperty("items").EnumerateArray());
        Assert.Single(await installation.Audited(owner.Organization, "webhook.refused"));
    }

    [Fact]
    public async Task FX04_A_step_whose_credential_became_another_type_fails_without_a_call()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        var credential = await owner.Post("/credentials", Bearer("erp", path.Address.Authority)).Success();
        await owner.Post("/connectors", new
        {
            name = "erp", base_url = path.Address, authentication = new { type = "bearer", credential = "erp" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        var workflow = await owner.Publish("""
            format: 1
            name: Calls
            trigger: { type: api }
            nodes:
              - { id: call, type: http, settings: { connector: erp, endpoint: call } }
            """);
        Assert.Equal("succeeded", (await owner.FinishedRun(await owner.StartRun(workflow))).Text("status"));

        // The API keeps a connector's credential of its type; a hand in the database does not.
        await installation.Change("update credentials set type = 'hmac' where id = $1", credential.Id());
        var failed = await owner.FinishedRun(await owner.StartRun(workflow));
        Assert.Equal(("failed", "connector.credential_type"), (failed.Text("status"), failed.GetProperty("error").Text("code")));
        Assert.Single(path.Requests);
    }
}
