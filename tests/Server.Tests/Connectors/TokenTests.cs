using System.Security.Cryptography;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>FK03: connectors that sign in at an authorization server, and what becomes of the tokens.</summary>
public sealed class TokenTests
{
    private const string Workflow = """
        format: 1
        name: Calls
        trigger: { type: api }
        nodes:
          - { id: call, type: http, settings: { connector: api, endpoint: call, body: 1 } }
        """;

    private sealed record Scene(TestInstallation Installation, TestMember Owner, AuthorizationIssuer Issuer, StubPath Service, string Workflow, Guid Credential)
    {
        public async Task<System.Text.Json.JsonElement> Run() => await Owner.FinishedRun(await Owner.StartRun(Workflow));

        public string? Sent(int request) => Service.Requests[request].Headers.GetValueOrDefault("Authorization");
    }

    private static object ClientSecret(AuthorizationIssuer issuer, string place = "client_secret_basic") => new
    {
        issuer = issuer.Issuer, client_id = issuer.ClientId, client_secret = issuer.ClientSecret, client_authentication = place, scope = "read write", audience = "https://api.test",
    };

    private static async Task<Scene> Connect(string type, Func<AuthorizationIssuer, object> secret, Func<AuthorizationIssuer, StubAnswer[]>? answers = null)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var issuer = (await Installation.Authorization()).NewIssuer();
        var service = (await Installation.Stub()).NewPath(answers?.Invoke(issuer) ?? [Guarded(issuer)]);
        var credential = await owner.Post("/credentials", new { name = "client", type, allowed_hosts = new[] { "127.0.0.2" }, secret = secret(issuer) }).Success();
        await owner.Post("/connectors", new
        {
            name = "api", base_url = service.Address.AbsoluteUri, authentication = new { type, credential = "client" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        return new Scene(installation, owner, issuer, service, await owner.Publish(Workflow), credential.Id());
    }

    /// <summary>Takes the issuer's valid tokens alone, as a service would.</summary>
    private static StubAnswer Guarded(AuthorizationIssuer issuer) => new(200)
    {
        Only = request => request.Headers.GetValueOrDefault("Authorization") is { } sent && sent.StartsWith("Bearer ", StringComparison.Ordinal) && issuer.IsValid(sent[7..]),
    };

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task FK03_Client_credentials_give_a_token_that_all_runs_share(string method)
    {
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i, method));
        scene.Issuer.Method = method;
        for (var run = 0; run < 3; run++)
            Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        var asked = Assert.Single(scene.Issuer.TokenRequests);
        Assert.Equal(("client_credentials", "read write", "https://api.test"), (asked["grant_type"], asked["scope"], asked["audience"]));
        Assert.Single(scene.Service.Requests.Select(r => r.Headers["Authorization"]).Distinct());

        var token = scene.Sent(0)!["Bearer ".Length..];
        var stored = await scene.Installation.TextOf("select encode(token, 'escape') from connector_tokens where organization_id = $1", scene.Owner.Organization);
        Assert.DoesNotContain(token, stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rs256")]
    [InlineData("ps256")]
    [InlineData("es256")]
    public async Task FK03_A_private_key_signs_in_without_a_shared_secret(string algorithm)
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var scene = await Connect("private_key_jwt", issuer =>
        {
            issuer.Method = "private_key_jwt";
            issuer.VerifyAssertion = (signed, signature) => algorithm switch
            {
                "es256" => curve.VerifyData(signed, signature, HashAlgorithmName.SHA256),
                _ => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, algorithm == "ps256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            };
            return new { token_url = issuer.TokenEndpoint, client_id = issuer.ClientId, private_key = algorithm == "es256" ? curve.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem(), algorithm, key_id = "k1" };
        });
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        Assert.False(Assert.Single(scene.Issuer.TokenRequests).ContainsKey("client_secret"));
    }

    [Fact]
    public async Task FK03_A_token_is_replaced_before_its_end()
    {
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i));
        await scene.Run();
        await scene.Installation.Change("update connector_tokens set refresh_at = now() - interval '1 second' where organization_id = $1", scene.Owner.Organization);
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        Assert.Equal(2, scene.Issuer.TokenRequests.Count);
        Assert.NotEqual(scene.Sent(0), scene.Sent(1));
    }

    [Fact]
    public async Task FK03_A_token_that_the_service_no_longer_takes_is_replaced_once()
    {
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i));
        await scene.Run();
        scene.Issuer.ForgetTokens();
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        Assert.Equal((2, 3), (scene.Issuer.TokenRequests.Count, scene.Service.Requests.Count));

        var never = await Connect("oidc_client_credentials", i => ClientSecret(i), _ => [new StubAnswer(401)]);
        Assert.Equal("http.status", (await never.Run()).GetProperty("error").Text("code"));
        // A token that is new and refused will not get better.
        Assert.Equal((1, 1), (never.Issuer.TokenRequests.Count, never.Service.Requests.Count));
        await never.Run();
        Assert.Equal((2, 3), (never.Issuer.TokenRequests.Count, never.Service.Requests.Count));
    }

    [Fact]
    public async Task FK03_Runs_at_once_on_two_nodes_ask_for_one_token()
    {
        var release = new TaskCompletionSource();
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i));
        scene.Issuer.Held = release.Task;
        await using var second = await scene.Installation.AnotherNode((await Installation.Stub()).EgressSetting, (await Installation.Authorization()).EgressSetting);
        var other = new TestClient(second.Address) { Cookie = scene.Owner.Client.Cookie, CsrfToken = scene.Owner.Client.CsrfToken };
        var runs = new List<string>();
        for (var i = 0; i < 6; i++)
            runs.Add((i % 2 == 0
                ? await scene.Owner.StartRun(scene.Workflow)
                : (await other.Post($"/v1/orgs/{scene.Owner.Slug}/workflows/{scene.Workflow}/runs", new { input = 1 }, ("Idempotency-Key", $"second-{i}")).Success()).Text("run_id")));
        await Condition.Holds(() => Task.FromResult(scene.Issuer.TokenRequests.Count > 0), "one node asks");
        release.SetResult();
        foreach (var run in runs)
            Assert.Equal("succeeded", (await scene.Owner.FinishedRun(run)).Text("status"));
        Assert.Single(scene.Issuer.TokenRequests);
    }

    [Fact]
    public async Task FK03_A_new_secret_empties_the_memory_of_the_old_ones_token()
    {
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i));
        await scene.Run();
        await scene.Owner.Put($"/credentials/{scene.Credential}/secret", new { secret = ClientSecret(scene.Issuer) }).Success();
        Assert.Equal("0", await scene.Installation.TextOf("select count(*)::text from connector_tokens where organization_id = $1", scene.Owner.Organization));
        await scene.Run();
        Assert.Equal(2, scene.Issuer.TokenRequests.Count);
    }

    [Fact]
    public async Task Abuse14_A_refusal_tells_the_servers_code_and_nothing_of_the_secret()
    {
        var scene = await Connect("oidc_client_credentials", i => new { token_url = i.TokenEndpoint, client_id = i.ClientId, client_secret = "wrong-secret-0123456789" });
        var run = await scene.Run();
        Assert.Equal("connector.sign_in_failed", run.GetProperty("error").Text("code"));
        Assert.Contains("invalid_client", run.GetProperty("error").Text("message"), StringComparison.Ordinal);
        Assert.Empty(scene.Service.Requests);
        foreach (var secret in (string[])[scene.Issuer.ClientSecret, "wrong-secret"])
            Assert.DoesNotContain(secret, run.GetRawText() + (await scene.Owner.Get($"/runs/{run.Text("id")}/journal").Success()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse20_A_description_that_names_another_issuer_is_not_followed()
    {
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i));
        scene.Issuer.Claimed = "https://elsewhere.test";
        Assert.Equal("connector.discovery_failed", (await scene.Run()).GetProperty("error").Text("code"));
        Assert.Empty(scene.Issuer.TokenRequests);
    }

    [Fact]
    public async Task Abuse06_The_clients_secret_goes_to_the_credentials_hosts_and_no_authorization_server_inside_is_dialled()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var issuer = (await Installation.Authorization()).NewIssuer();
        var service = (await Installation.Stub()).NewPath();
        async Task<string> CodeOf(string host, string tokenUrl)
        {
            var name = $"c{Guid.NewGuid():N}";
            await owner.Post("/credentials", new { name, type = "oidc_client_credentials", allowed_hosts = new[] { service.Address.Authority, host }, secret = new { token_url = tokenUrl, client_id = "c", client_secret = "s" } }).Success();
            await owner.Post("/connectors", new { name, base_url = service.Address.AbsoluteUri, authentication = new { type = "oidc_client_credentials", credential = name }, endpoints = new[] { new { name = "call", method = "POST", path = "/call" } } }).Success();
            return (await owner.RunOnce(Workflow.Replace("connector: api", $"connector: {name}", StringComparison.Ordinal).Replace("name: Calls", $"name: {name}", StringComparison.Ordinal))).GetProperty("error").Text("code");
        }
        Assert.Equal("egress.host_not_allowed", await CodeOf("api.example.com", issuer.TokenEndpoint));
        Assert.Equal("egress.blocked", await CodeOf("127.0.0.1", $"http://127.0.0.1:{installation.Address.Port}/token"));
        Assert.Empty(issuer.TokenRequests);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task An_authorization_server_that_is_busy_is_asked_again_with_the_steps_next_attempt()
    {
        var scene = await Connect("oidc_client_credentials", i => ClientSecret(i));
        var workflow = await scene.Owner.Publish(Workflow.Replace("name: Calls", "name: Retries", StringComparison.Ordinal).Replace("type: http,", "type: http, retry: { attempts: 5, initial: 200ms, factor: 1 },", StringComparison.Ordinal));
        scene.Issuer.TokenStatus = 503;
        var run = await scene.Owner.StartRun(workflow);
        await Condition.Holds(() => Task.FromResult(scene.Issuer.TokenRequests.Count > 0), "it was asked");
        scene.Issuer.TokenStatus = null;
        Assert.Equal("succeeded", (await scene.Owner.FinishedRun(run)).Text("status"));
    }

    [Theory]
    [InlineData("""{"client_id":"c","client_secret":"s"}""", "/secret/issuer")]
    [InlineData("""{"issuer":"https://a.test","token_url":"https://a.test/t","client_id":"c","client_secret":"s"}""", "/secret/issuer")]
    [InlineData("""{"token_url":"ftp://a.test/t","client_id":"c","client_secret":"s"}""", "/secret/token_url")]
    [InlineData("""{"token_url":"https://u:p@a.test/t","client_id":"c","client_secret":"s"}""", "/secret/token_url")]
    [InlineData("""{"token_url":"https://a.test/t","client_id":"c"}""", "/secret/client_secret")]
    [InlineData("""{"token_url":"https://a.test/t","client_id":"c","client_secret":"s","token":"t"}""", "/secret/token")]
    public async Task A_client_that_cannot_sign_in_is_refused(string secret, string pointer)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Post("/credentials", new { name = "c", type = "oidc_client_credentials", allowed_hosts = new[] { "a.test" }, secret = System.Text.Json.JsonElement.Parse(secret) });
        Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == pointer);
    }

    [Fact]
    public async Task A_key_that_does_not_fit_its_algorithm_is_refused()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        using var weak = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var (key, algorithm) in ((string, string)[])[(weak.ExportPkcs8PrivateKeyPem(), "rs256"), (curve.ExportPkcs8PrivateKeyPem(), "es256"), (weak.ExportSubjectPublicKeyInfoPem(), "ps256"), (curve.ExportPkcs8PrivateKeyPem(), "rs256")])
        {
            var answer = await owner.Post("/credentials", new { name = "c", type = "private_key_jwt", allowed_hosts = new[] { "a.test" }, secret = new { token_url = "https://a.test/t", client_id = "c", private_key = key, algorithm } });
            Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/secret/private_key");
        }
    }
}
