using System.Text.Json;
using Fluxgate.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>F818 and FK03 (oidc_user): accounts that people connect in the browser, and connectors that act with them.</summary>
public sealed class AccountTests
{
    private sealed record Scene(TestInstallation Installation, TestMember Owner, AuthorizationIssuer Issuer, StubPath Service, Guid Credential)
    {
        public async Task<string> Begin(TestMember member) => (await member.Post($"/credentials/{Credential}/connect", null).Success()).Text("authorization_url");

        /// <summary>As a browser that comes back.</summary>
        public static object Answer(Uri back, string? iss = null)
        {
            var query = QueryHelpers.ParseQuery(back.Query);
            return new { state = query["state"].Single(), code = query["code"].Single(), iss = iss ?? query["iss"].Single() };
        }

        public async Task<JsonElement> Connect(TestMember member) => await member.Post("/credentials/callback", Answer(Issuer.Consent(await Begin(member)))).Success();

        public Task<HttpResponseMessage> AddConnector(TestMember member, string name, Guid? account) => member.Post("/connectors", new
        {
            name, base_url = Service.Address.AbsoluteUri, authentication = new { type = "oidc_user", credential = "provider", account },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        });

        public Task<string> Publish(string connector) => Owner.Publish($$"""
            format: 1
            name: Calls {{connector}}
            trigger: { type: api }
            nodes:
              - { id: call, type: http, settings: { connector: {{connector}}, endpoint: call, body: 1 } }
            """);

        public async Task<JsonElement> Run(TestMember member, string workflow) => await Owner.FinishedRun(await member.StartRun(workflow));

        public string[] SentTokens => [.. Service.Requests.Select(r => r.Headers.GetValueOrDefault("Authorization") ?? "")];
    }

    private static async Task<Scene> New()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var issuer = (await Installation.Authorization()).NewIssuer();
        var service = (await Installation.Stub()).NewPath(new StubAnswer(200)
        {
            Only = request => request.Headers.GetValueOrDefault("Authorization") is { } sent && sent.StartsWith("Bearer ", StringComparison.Ordinal) && issuer.IsValid(sent[7..]),
        });
        var credential = await owner.Post("/credentials", new
        {
            name = "provider", type = "oauth2", allowed_hosts = new[] { "127.0.0.2" }, secret = new { issuer = issuer.Issuer, client_id = issuer.ClientId, client_secret = issuer.ClientSecret, scope = "calendar mail" },
        }).Success();
        return new Scene(installation, owner, issuer, service, credential.Id());
    }

    [Fact]
    public async Task F818_An_account_is_connected_once_and_its_tokens_are_sealed_refreshed_and_rotated()
    {
        var scene = await New();
        var connected = await scene.Connect(scene.Owner);
        Assert.Equal(("provider", "calendar mail"), (connected.Text("credential"), connected.Text("scope")));
        await scene.AddConnector(scene.Owner, "mail", scene.Owner.UserId).Success();
        var workflow = await scene.Publish("mail");
        Assert.Equal("succeeded", (await scene.Run(scene.Owner, workflow)).Text("status"));
        for (var again = 0; again < 2; again++)
        {
            await scene.Installation.Change("update credential_accounts set refresh_at = now() - interval '1 second' where organization_id = $1", scene.Owner.Organization);
            Assert.Equal("succeeded", (await scene.Run(scene.Owner, workflow)).Text("status"));
        }
        Assert.Equal((3, 0), (scene.SentTokens.Distinct().Count(), scene.Issuer.Reuses));
        Assert.Equal(["authorization_code", "refresh_token", "refresh_token"], scene.Issuer.TokenRequests.Select(r => r["grant_type"]));

        var stored = await scene.Installation.TextOf(
            "select string_agg(encode(access_token, 'escape') || encode(refresh_token, 'escape') || row_to_json(a)::text, '') from credential_accounts a where organization_id = $1", scene.Owner.Organization);
        var shown = (await scene.Owner.Get("/credentials/accounts").Success()).GetRawText() + connected.GetRawText()
            + string.Concat((await scene.Installation.Audited(scene.Owner.Organization, "credential.connected")).Select(e => e.GetRawText()));
        foreach (var text in (string[])[stored, shown])
        {
            Assert.DoesNotContain(scene.SentTokens[^1][7..], text, StringComparison.Ordinal);
            Assert.DoesNotContain("rt-", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task F818_Runs_at_once_refresh_once()
    {
        var scene = await New();
        await scene.Connect(scene.Owner);
        await scene.AddConnector(scene.Owner, "mail", scene.Owner.UserId).Success();
        var workflow = await scene.Publish("mail");
        await scene.Installation.Change("update credential_accounts set refresh_at = now() - interval '2 second', expires_at = now() - interval '1 second' where organization_id = $1", scene.Owner.Organization);
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scene.Owner.StartRun(workflow)));
        foreach (var run in runs)
            Assert.Equal("succeeded", (await scene.Owner.FinishedRun(run)).Text("status"));
        Assert.Equal((2, 0), (scene.Issuer.TokenRequests.Count, scene.Issuer.Reuses));
    }

    [Fact]
    public async Task FK03_The_account_is_that_of_who_starts_the_run_where_the_connector_names_nobody()
    {
        var scene = await New();
        var member = await scene.Owner.NewMember(scene.Installation, "flow_editor");
        await scene.AddConnector(scene.Owner, "mail", null).Success();
        var workflow = await scene.Publish("mail");
        Assert.Equal("connector.not_connected", (await scene.Run(scene.Owner, workflow)).GetProperty("error").Text("code"));
        await scene.Connect(scene.Owner);
        await scene.Connect(member);
        Assert.Equal("succeeded", (await scene.Run(scene.Owner, workflow)).Text("status"));
        Assert.Equal("succeeded", (await scene.Run(member, workflow)).Text("status"));
        Assert.Equal(2, scene.SentTokens.Distinct().Count());

        var key = scene.Installation.KeyClient(await scene.Owner.NewKey("runs:start"));
        var byKey = (await key.Post($"/v1/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Success()).Text("run_id");
        Assert.Equal("connector.no_starter", (await scene.Owner.FinishedRun(byKey)).GetProperty("error").Text("code"));
        Assert.Equal(2, scene.Service.Requests.Count);
    }

    [Fact]
    public async Task FK03_Who_started_a_run_is_known_after_it_has_left_memory_too()
    {
        var scene = await New();
        await scene.AddConnector(scene.Owner, "mail", null).Success();
        await scene.Connect(scene.Owner);
        var workflow = await scene.Owner.Publish("""
            format: 1
            name: Calls later
            trigger: { type: api }
            nodes:
              - { id: pause, type: wait, settings: { signal: go } }
              - { id: call, type: http, settings: { connector: mail, endpoint: call, body: 1 } }
            edges: [{ from: pause, port: received, to: call }]
            """);
        var run = await scene.Owner.StartRun(workflow);
        await Condition.Holds(async () => await scene.Installation.Scalar<long>("select count(*) from run_work where run_id = $1 and node_id is null", Guid.Parse(run)) == 1, "the run has left memory");
        await scene.Owner.Post($"/runs/{run}/signals", new { name = "go" }).Success();
        Assert.Equal("succeeded", (await scene.Owner.FinishedRun(run)).Text("status"));
        Assert.Single(scene.SentTokens);
    }

    [Fact]
    public async Task FK03_Only_the_person_whose_account_it_is_lets_a_connector_use_it()
    {
        var scene = await New();
        var member = await scene.Owner.NewMember(scene.Installation, "integration_manager");
        await scene.AddConnector(scene.Owner, "theirs", member.UserId).Refuses(422, "connector.others_account");
        var created = await scene.AddConnector(member, "mine", member.UserId).Success();
        // Not even an edit that leaves it: the address may be another.
        await scene.Owner.Put($"/connectors/{created.Id()}", new
        {
            description = "", base_url = scene.Service.Address.AbsoluteUri, authentication = new { type = "oidc_user", credential = "provider", account = member.UserId }, endpoints = Array.Empty<object>(),
        }, ("If-Match", "\"1\"")).Refuses(422, "connector.others_account");
        await scene.Installation.KeyClient(await scene.Owner.NewKey("connectors:write")).Post("/v1/connectors", new
        {
            name = "key", base_url = scene.Service.Address.AbsoluteUri, authentication = new { type = "oidc_user", credential = "provider", account = member.UserId }, endpoints = Array.Empty<object>(),
        }).Refuses(422, "connector.others_account");
    }

    [Fact]
    public async Task Abuse20_An_answer_is_taken_once_from_the_session_that_asked_and_no_other()
    {
        var scene = await New();
        var member = await scene.Owner.NewMember(scene.Installation, "flow_editor");
        var stolen = Scene.Answer(scene.Issuer.Consent(await scene.Begin(scene.Owner)));
        await member.Post("/credentials/callback", stolen).Refuses(422, "credential.state_unknown");
        // Spent by the attempt.
        await scene.Owner.Post("/credentials/callback", stolen).Refuses(422, "credential.state_unknown");

        // The same person in another browser.
        var elsewhere = Scene.Answer(scene.Issuer.Consent(await scene.Begin(scene.Owner)));
        var second = scene.Installation.Client();
        var session = await TestMember.SignedIn(second, await second.Post("/v1/auth/sign-in", new { email = scene.Owner.Email, password = TestClient.Password }));
        await session.Post("/credentials/callback", elsewhere).Refuses(422, "credential.state_unknown");

        var late = Scene.Answer(scene.Issuer.Consent(await scene.Begin(scene.Owner)));
        await scene.Installation.Change("update credential_authorizations set expires_at = now() - interval '1 second' where organization_id = $1", scene.Owner.Organization);
        await scene.Owner.Post("/credentials/callback", late).Refuses(422, "credential.state_unknown");

        var good = Scene.Answer(scene.Issuer.Consent(await scene.Begin(scene.Owner)));
        await scene.Owner.Post("/credentials/callback", good).Success();
        await scene.Owner.Post("/credentials/callback", good).Refuses(422, "credential.state_unknown");
        Assert.Single(scene.Issuer.TokenRequests);
    }

    [Fact]
    public async Task Abuse20_An_answer_of_another_provider_or_for_another_challenge_connects_nothing()
    {
        var scene = await New();
        await scene.Owner.Post("/credentials/callback", Scene.Answer(scene.Issuer.Consent(await scene.Begin(scene.Owner)), "https://elsewhere.test")).Refuses(422, "credential.issuer_mismatch");
        var back = QueryHelpers.ParseQuery(scene.Issuer.Consent(await scene.Begin(scene.Owner)).Query);
        await scene.Owner.Post("/credentials/callback", new { state = back["state"].Single(), code = back["code"].Single() }).Refuses(422, "credential.issuer_mismatch");
        Assert.Empty(scene.Issuer.TokenRequests);

        // A code that somebody else's browser was given does not fit the verifier of this one.
        var injected = QueryHelpers.ParseQuery(scene.Issuer.Consent(await scene.Begin(scene.Owner)).Query)["code"].Single();
        var own = QueryHelpers.ParseQuery(scene.Issuer.Consent(await scene.Begin(scene.Owner)).Query);
        await scene.Owner.Post("/credentials/callback", new { state = own["state"].Single(), code = injected, iss = own["iss"].Single() }).Refuses(422, "connector.sign_in_failed");
        Assert.NotEmpty(await scene.Installation.Audited(scene.Owner.Organization, "credential.connect_failed"));
        Assert.Empty((await scene.Owner.Get("/credentials/accounts").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task F818_A_person_who_says_no_connects_nothing()
    {
        var scene = await New();
        var state = QueryHelpers.ParseQuery(scene.Issuer.Consent(await scene.Begin(scene.Owner)).Query)["state"].Single();
        await scene.Owner.Post("/credentials/callback", new { state, error = "access_denied", iss = scene.Issuer.Issuer }).Refuses(422, "credential.connect_denied");
        var program = scene.Installation.KeyClient(await scene.Owner.NewKey("credentials:connect"));
        await program.Post($"/v1/credentials/{scene.Credential}/connect", null).Refuses(403, "credential.needs_person");
    }

    [Fact]
    public async Task F818_A_disconnected_account_is_taken_back_at_the_provider_and_used_no_more()
    {
        var scene = await New();
        await scene.Connect(scene.Owner);
        await scene.AddConnector(scene.Owner, "mail", scene.Owner.UserId).Success();
        var workflow = await scene.Publish("mail");
        await scene.Run(scene.Owner, workflow);
        Assert.True((await scene.Owner.Post($"/credentials/{scene.Credential}/disconnect", null).Success()).GetProperty("revoked").GetBoolean());
        Assert.False(scene.Issuer.IsValid(scene.SentTokens[0][7..]));
        Assert.Equal("connector.not_connected", (await scene.Run(scene.Owner, workflow)).GetProperty("error").Text("code"));
        Assert.Single(scene.Service.Requests);
        await scene.Owner.Post($"/credentials/{scene.Credential}/disconnect", null).Refuses(404, "account.not_found");
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "credential.disconnected"));
    }

    [Fact]
    public async Task F818_A_connection_that_the_provider_ended_says_that_it_has_to_be_made_again()
    {
        var scene = await New();
        await scene.Connect(scene.Owner);
        await scene.AddConnector(scene.Owner, "mail", scene.Owner.UserId).Success();
        var workflow = await scene.Publish("mail");
        scene.Issuer.EndAll();
        Assert.Equal("connector.sign_in_failed", (await scene.Run(scene.Owner, workflow)).GetProperty("error").Text("code"));
        Assert.Equal("connector.not_connected", (await scene.Run(scene.Owner, workflow)).GetProperty("error").Text("code"));
        Assert.True((await scene.Owner.Get("/credentials/accounts").Success()).GetProperty("items")[0].GetProperty("broken").GetBoolean());
        await scene.Connect(scene.Owner);
        Assert.Equal("succeeded", (await scene.Run(scene.Owner, workflow)).Text("status"));
    }

    [Fact]
    public async Task F818_Another_client_does_not_use_what_the_one_before_was_given()
    {
        var scene = await New();
        await scene.Connect(scene.Owner);
        await scene.AddConnector(scene.Owner, "mail", scene.Owner.UserId).Success();
        var workflow = await scene.Publish("mail");
        await scene.Owner.Put($"/credentials/{scene.Credential}/secret", new { secret = new { issuer = scene.Issuer.Issuer, client_id = "another" } }).Success();
        Assert.Equal("connector.not_connected", (await scene.Run(scene.Owner, workflow)).GetProperty("error").Text("code"));
        Assert.Empty(scene.Service.Requests);
    }

    [Fact]
    public async Task F818_A_public_client_at_typed_addresses_has_its_challenge_alone()
    {
        var scene = await New();
        scene.Issuer.Method = "none";
        await scene.Owner.Put($"/credentials/{scene.Credential}/secret", new
        {
            secret = new { authorization_url = $"{scene.Issuer.Issuer}/authorize", token_url = scene.Issuer.TokenEndpoint, client_id = scene.Issuer.ClientId },
        }).Success();
        await scene.Connect(scene.Owner);
        Assert.False(Assert.Single(scene.Issuer.TokenRequests).ContainsKey("client_secret"));
        // Nothing was said of a revocation address.
        Assert.False((await scene.Owner.Post($"/credentials/{scene.Credential}/disconnect", null).Success()).GetProperty("revoked").GetBoolean());
    }

    [Theory]
    [InlineData("""{"client_id":"c"}""", "/secret/issuer")]
    [InlineData("""{"authorization_url":"https://a.test/a","client_id":"c"}""", "/secret/issuer")]
    [InlineData("""{"issuer":"https://a.test","token_url":"https://a.test/t","client_id":"c"}""", "/secret/issuer")]
    [InlineData("""{"authorization_url":"javascript:1","token_url":"https://a.test/t","client_id":"c"}""", "/secret/authorization_url")]
    public async Task A_provider_that_cannot_be_asked_is_refused(string secret, string pointer)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Post("/credentials", new { name = "c", type = "oauth2", allowed_hosts = new[] { "a.test" }, secret = JsonElement.Parse(secret) });
        Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == pointer);
    }
}
