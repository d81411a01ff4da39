using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Connections;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests;

public sealed class ConnectionTests
{
    private const string Token = "tok-7b1f0c-very-secret";

    private static object Bearer(string name, params string[] hosts) => new { name, type = "bearer", allowed_hosts = hosts, secret = new { token = Token } };

    private static object Connector(string name, string url, string type = "none", string? credential = null) => new
    {
        name,
        base_url = url,
        authentication = new { type, credential },
        endpoints = new[] { new { name = "get", method = "GET", path = "/items/{id}" } },
    };

    private static (string, string) Match(HttpResponseMessage read) => ("If-Match", read.Headers.ETag!.Tag);

    [Theory]
    [InlineData("api_key", """{"in":"header","name":"X-Key","prefix":"Key ","value":"s3cr3t-value-1"}""", "s3cr3t-value-1")]
    [InlineData("bearer", """{"token":"s3cr3t-value-2"}""", "s3cr3t-value-2")]
    [InlineData("basic", """{"username":"who","password":"s3cr3t-value-3"}""", "s3cr3t-value-3")]
    [InlineData("aws_sigv4", """{"access_key_id":"AKID","secret_access_key":"s3cr3t-value-5","region":"eu-central-1","service":"s3"}""", "s3cr3t-value-5")]
    [InlineData("oidc_client_credentials", """{"issuer":"https://id.example.com","client_id":"c","client_secret":"s3cr3t-value-6"}""", "s3cr3t-value-6")]
    [InlineData("standard_webhooks", """{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("hmac", """{"secret":"s3cr3t-value-4-of-at-least-32-characters"}""", "s3cr3t-value-4")]
    public async Task FX03_A_secret_is_sealed_at_rest_never_returned_and_opened_for_the_engine(string type, string secret, string value)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var answer = await owner.Post("/credentials", new { name = "cred", type, allowed_hosts = new[] { "api.example.com" }, secret = JsonElement.Parse(secret) });
        var created = await answer.Success();

        foreach (var path in (string[])["/credentials", $"/credentials/{created.Id()}"])
            Assert.DoesNotContain(value, await (await owner.Get(path)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(value, created.GetRawText(), StringComparison.Ordinal);
        var stored = await installation.TextOf("select encode(secret, 'escape') || row_to_json(c)::text from credentials c where id = $1", created.Id());
        Assert.DoesNotContain(value, stored, StringComparison.Ordinal);
        var audited = Assert.Single(await installation.Audited(owner.Organization, "credential.created"));
        Assert.DoesNotContain(value, audited.GetRawText(), StringComparison.Ordinal);

        var catalog = installation.Services.GetRequiredService<ConnectionCatalog>();
        var opened = (await catalog.Credential(new OrganizationId(owner.Organization), "cred", type, CancellationToken.None)).Value;
        Assert.Contains(value, System.Text.Encoding.UTF8.GetString(opened.Secret.ToBytes()), StringComparison.Ordinal);
        Assert.DoesNotContain(value, $"{opened} {opened.Secret}", StringComparison.Ordinal);
        Assert.True(opened.AllowsHost("api.example.com", 443));
        Assert.False(opened.AllowsHost("example.com", 443));
    }

    [Fact]
    public async Task FX04_A_credential_of_another_type_is_refused_at_save_and_at_run()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", Bearer("cred", "api.example.com")).Success();
        await owner.Post("/connectors", Connector("api", "https://api.example.com", "basic", "cred")).Refuses(422, "connector.credential_type");

        var connector = await owner.Post("/connectors", Connector("api", "https://api.example.com", "bearer", "cred")).Success();
        var catalog = installation.Services.GetRequiredService<ConnectionCatalog>();
        var organization = new OrganizationId(owner.Organization);
        Assert.Equal("credential.type", (await catalog.Credential(organization, "cred", "basic", CancellationToken.None)).Error?.Code);
        Assert.True((await catalog.Resolve(organization, "api", CancellationToken.None)).Succeeded);
        await installation.Change("update connectors set authentication = 'basic' where id = $1", connector.Id());
        Assert.Equal("connector.credential_type", (await catalog.Resolve(organization, "api", CancellationToken.None)).Error?.Code);
        // The sealed value knows its type, so editing the column beside it opens nothing.
        await installation.Change("update credentials set type = 'basic' where organization_id = $1", owner.Organization);
        Assert.Equal("credential.type", (await catalog.Credential(organization, "cred", "basic", CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task A_connector_resolves_to_what_a_run_needs()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", Bearer("cred", "*.example.com:8443")).Success();
        await owner.Post("/connectors", Connector("api", "https://eu.example.com:8443/v2", "bearer", "cred")).Success();
        var catalog = installation.Services.GetRequiredService<ConnectionCatalog>();
        var resolved = (await catalog.Resolve(new OrganizationId(owner.Organization), "api", CancellationToken.None)).Value;
        Assert.Equal(new Uri("https://eu.example.com:8443/v2"), resolved.BaseUrl);
        Assert.Equal(new ConnectorEndpoint("get", "GET", "/items/{id}", 30), resolved.Endpoint("get"));
        Assert.Equal(("cred", CredentialType.Bearer, 1), (resolved.Credential!.Name, resolved.Credential.Type, resolved.Credential.SecretVersion));
        var other = await installation.NewOrganization();
        Assert.Equal("connector.not_found", (await catalog.Resolve(new OrganizationId(other.Organization), "api", CancellationToken.None)).Error?.Code);
        Assert.Equal("credential.not_found", (await catalog.Credential(new OrganizationId(other.Organization), "cred", "bearer", CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Abuse02_A_new_host_needs_the_secret_again_and_a_narrower_list_does_not()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var created = await owner.Post("/credentials", Bearer("cred", "*.example.com", "api.example.org:443")).Success();
        var path = $"/credentials/{created.Id()}";
        async Task<HttpResponseMessage> Set(string[] hosts, object? secret = null) =>
            await owner.Put(path, new { description = "", allowed_hosts = hosts, secret }, Match(await owner.Get(path)));

        foreach (var wider in (string[])["evil.example.net", "example.com", "*.example.org", "api.example.org", "api.example.org:8443", "*.xexample.com"])
            await Set(["*.example.com", wider]).Refuses(422, "credential.secret_required");
        Assert.Equal(1, (await Set(["eu.example.com", "*.eu.example.com:443"]).Success()).GetProperty("secret_version").GetInt32());
        await Set(["*.example.com"]).Refuses(422, "credential.secret_required");
        var widened = await Set(["*.example.com"], new { token = "another" }).Success();
        Assert.Equal(2, widened.GetProperty("secret_version").GetInt32());
    }

    [Fact]
    public async Task Abuse02_A_connectors_host_moves_only_to_where_its_credential_may_go()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", Bearer("cred", "api.example.com")).Success();
        await owner.Post("/connectors", Connector("elsewhere", "https://evil.example.net", "bearer", "cred")).Refuses(422, "connector.credential_host");

        var created = await owner.Post("/connectors", Connector("api", "https://api.example.com", "bearer", "cred")).Success();
        var path = $"/connectors/{created.Id()}";
        object Content(string url) => new { description = "", base_url = url, authentication = new { type = "bearer", credential = "cred" }, endpoints = Array.Empty<object>() };
        foreach (var url in (string[])["https://evil.example.net", "https://api.example.com.evil.net", "https://xapi.example.com"])
            await owner.Put(path, Content(url), Match(await owner.Get(path))).Refuses(422, "connector.credential_host");
        await owner.Put(path, Content("https://api.example.com/v2"), Match(await owner.Get(path))).Success();

        // A list that was narrowed afterwards holds at run time.
        await installation.Change("update credentials set allowed_hosts = '{other.example.com}' where organization_id = $1", owner.Organization);
        var resolved = await installation.Services.GetRequiredService<ConnectionCatalog>().Resolve(new OrganizationId(owner.Organization), "api", CancellationToken.None);
        Assert.Equal("connector.credential_host", resolved.Error?.Code);
    }

    [Fact]
    public async Task Abuse02_Another_organizations_credential_cannot_be_named_read_or_changed()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var theirs = await other.Post("/credentials", Bearer("theirs", "api.example.com")).Success();
        var connector = await other.Post("/connectors", Connector("theirs", "https://api.example.com", "bearer", "theirs")).Success();

        await owner.Post("/connectors", Connector("mine", "https://api.example.com", "bearer", "theirs")).Refuses(422, "connector.credential_unknown");
        foreach (var path in (string[])[$"/credentials/{theirs.Id()}", $"/connectors/{connector.Id()}"])
        {
            var what = path.Split('/')[1].TrimEnd('s');
            await owner.Get(path).Refuses(404, $"{what}.not_found");
            await owner.Delete(path).Refuses(404, $"{what}.not_found");
        }
        await owner.Put($"/credentials/{theirs.Id()}/secret", new { secret = new { token = "x" } }).Refuses(404, "credential.not_found");
        await owner.Put($"/credentials/{theirs.Id()}", new { description = "", allowed_hosts = new[] { "a.example.com" } }, ("If-Match", "\"1\"")).Refuses(404, "credential.not_found");
        await owner.Post("/credentials", new { name = "x", type = "bearer", allowed_hosts = new[] { "a.example" }, secret = new { token = "x" }, organization_id = other.Organization }).Refuses(400, "body.malformed");
    }

    [Fact]
    public async Task A_secret_is_replaced_by_the_next_version()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var created = await owner.Post("/credentials", Bearer("cred", "api.example.com")).Success();
        var replaced = await owner.Put($"/credentials/{created.Id()}/secret", new { secret = new { token = "second" } }).Success();
        Assert.Equal(2, replaced.GetProperty("secret_version").GetInt32());
        var opened = await installation.Services.GetRequiredService<ConnectionCatalog>().Credential(new OrganizationId(owner.Organization), "cred", "bearer", CancellationToken.None);
        Assert.Equal("second", Assert.IsType<BearerSecret>(opened.Value.Secret).Token);
        await owner.Put($"/credentials/{created.Id()}/secret", new { secret = new { password = "second" } }).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task A_credential_in_use_stays_until_its_connector_is_gone()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var credential = await owner.Post("/credentials", Bearer("cred", "api.example.com")).Success();
        await owner.Post("/credentials", Bearer("cred", "api.example.com")).Refuses(409, "credential.name_taken");
        var connector = await owner.Post("/connectors", Connector("api", "https://api.example.com", "bearer", "cred")).Success();
        await owner.Post("/connectors", Connector("api", "https://api.example.com")).Refuses(409, "connector.name_taken");
        await owner.Delete($"/credentials/{credential.Id()}").Refuses(409, "credential.in_use");
        await owner.Delete($"/connectors/{connector.Id()}").Success();
        await owner.Delete($"/credentials/{credential.Id()}").Success();
        Assert.Empty((await owner.Get("/credentials").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_edit_names_the_version_it_was_made_from()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var connector = await owner.Post("/connectors", Connector("api", "https://api.example.com")).Success();
        var path = $"/connectors/{connector.Id()}";
        var content = new { description = "new", base_url = "https://api.example.com", authentication = new { type = "none" }, endpoints = Array.Empty<object>() };
        var read = Match(await owner.Get(path));
        await owner.Put(path, content).Refuses(428, "precondition.missing");
        foreach (var tag in (string[])["\"2\"", "W/\"1\"", "*", "1", "\"1\", \"2\""])
            await owner.Put(path, content, ("If-Match", tag)).Refuses(412, "resource.stale");
        Assert.Equal(2, (await owner.Put(path, content, read).Success()).GetProperty("version").GetInt32());
        await owner.Put(path, content, read).Refuses(412, "resource.stale");

        var credential = $"/credentials/{(await owner.Post("/credentials", Bearer("cred", "api.example.com")).Success()).Id()}";
        var hosts = new { description = "new", allowed_hosts = new[] { "api.example.com" } };
        var first = Match(await owner.Get(credential));
        await owner.Put(credential, hosts).Refuses(428, "precondition.missing");
        await owner.Put(credential, hosts, first).Success();
        await owner.Put(credential, hosts, first).Refuses(412, "resource.stale");
    }

    [Theory]
    [InlineData("ftp://api.example.com")]
    [InlineData("https://user@api.example.com")]
    [InlineData("https://api.example.com/?q=1")]
    [InlineData("https://api.example.com/#f")]
    [InlineData("https://api.example.com/%2e%2e")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https:\\\\api.example.com")]
    [InlineData("/relative")]
    public async Task A_base_URL_that_says_two_things_is_refused(string url)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Post("/connectors", Connector("api", url));
        Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/base_url");
    }

    [Theory]
    [InlineData("/a/../b", "GET", 30)]
    [InlineData("a", "GET", 30)]
    [InlineData("/a?b", "GET", 30)]
    [InlineData("/a/{b", "GET", 30)]
    [InlineData("/a", "CONNECT", 30)]
    [InlineData("/a", "GET", 0)]
    [InlineData("/a", "GET", 301)]
    public async Task An_endpoint_that_makes_no_sense_is_refused(string path, string method, int seconds)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var connector = new { name = "api", base_url = "https://api.example.com", authentication = new { type = "none" }, endpoints = new[] { new { name = "e", method, path, timeout_seconds = seconds } } };
        await owner.Post("/connectors", connector).Refuses(400, "request.invalid");
    }

    [Theory]
    [InlineData("bearer", """{"token":"a\r\nX-Evil: 1"}""", "/secret/token")]
    [InlineData("bearer", """{"token":"a","password":"b"}""", "/secret/password")]
    [InlineData("api_key", """{"in":"header","name":"Content-Length","value":"a"}""", "/secret/name")]
    [InlineData("api_key", """{"name":"X-Key","value":"a"}""", "/secret/in")]
    [InlineData("basic", """{"username":"a:b","password":"c"}""", "/secret/username")]
    [InlineData("hmac", """{"secret":"too short"}""", "/secret/secret")]
    public async Task A_secret_that_does_not_fit_its_type_is_refused(string type, string secret, string pointer)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Post("/credentials", new { name = "cred", type, allowed_hosts = new[] { "a.example.com" }, secret = JsonElement.Parse(secret) });
        Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == pointer);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.com")]
    [InlineData("a.*.example.com")]
    [InlineData("https://example.com")]
    [InlineData("example.com/path")]
    [InlineData("example.com:0")]
    [InlineData("exa mple.com")]
    [InlineData("127.1")]
    [InlineData("")]
    public async Task An_allowed_host_is_a_host_or_a_suffix_of_two_labels(string host)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/credentials", Bearer("cred", host)).Refuses(400, "request.invalid");
        await owner.Post("/credentials", Bearer("cred")).Refuses(400, "request.invalid");
    }
}
