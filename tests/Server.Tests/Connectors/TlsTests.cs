using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>Three https services, of which one asks for client certificates and one has an old one of its own, and an installation that may reach them.</summary>
public sealed class TlsScene : IAsyncLifetime
{
    private static readonly IPAddress Outside = IPAddress.Parse("127.0.0.2");

    public TestAuthority Servers { get; } = new("Servers");

    public TestAuthority Clients { get; } = new("Clients");

    public TlsService Open { get; private set; } = null!;

    public TlsService Mutual { get; private set; } = null!;

    public TlsService Expired { get; private set; } = null!;

    public TestInstallation Installation { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Open = await TlsService.Start(Servers.Issue("service.test", Outside));
        Mutual = await TlsService.Start(Servers.Issue("service.test", Outside), Clients);
        Expired = await TlsService.Start(Servers.Issue("service.test", Outside, expired: true));
        Installation = await TestInstallation.Start(
            [.. ((TlsService[])[Open, Mutual, Expired]).Select((s, i) => ($"egress:allow:{i}", $"127.0.0.2/32:{s.Address.Port}"))]);
    }

    public async Task DisposeAsync()
    {
        await Installation.DisposeAsync();
        foreach (var service in (TlsService[])[Open, Mutual, Expired])
            await service.DisposeAsync();
    }
}

/// <summary>FK03 and FK15: client certificates, private authorities, and the stages of a connection test that tell of them (FK14).</summary>
public sealed class TlsTests(TlsScene scene) : IClassFixture<TlsScene>
{
    private static async Task<Guid> Connect(TestMember owner, TlsService service, string? roots, string? credential = null) => (await owner.Post("/connectors", new
    {
        name = $"c{Guid.NewGuid():N}", base_url = service.Address.AbsoluteUri, ca_certificates = roots,
        authentication = new { type = credential is null ? "none" : "mtls", credential },
        endpoints = new[] { new { name = "call", method = "GET", path = "/" }, new { name = "change", method = "POST", path = "/" } },
    }).Success()).Id();

    private static async Task AddCertificate(TestMember owner, string name, TestAuthority authority)
    {
        using var certificate = authority.Issue(name);
        using var key = certificate.GetECDsaPrivateKey()!;
        await owner.Post("/credentials", new
        {
            name, type = "mtls", allowed_hosts = new[] { "127.0.0.2" },
            secret = new { certificate = certificate.ExportCertificatePem(), private_key = key.ExportPkcs8PrivateKeyPem() },
        }).Success();
    }

    private static async Task<System.Text.Json.JsonElement> Run(TestMember owner, Guid connector)
    {
        var name = (await owner.Get($"/connectors/{connector}").Success()).Text("name");
        return await owner.RunOnce($$"""
            format: 1
            name: Calls {{Guid.NewGuid():N}}
            trigger: { type: api }
            nodes:
              - { id: call, type: http, settings: { connector: {{name}}, endpoint: call } }
            """);
    }

    private static async Task<List<(string Stage, bool Passed, string? Code)>> Test(TestMember owner, Guid connector, object? request = null) =>
        [.. (await owner.Post($"/connectors/{connector}/test", request ?? new { endpoint = "call" }).Success()).GetProperty("stages").EnumerateArray()
            .Select(s => (s.Text("stage"), s.GetProperty("passed").GetBoolean(), s.GetProperty("error").ValueKind == System.Text.Json.JsonValueKind.Null ? null : s.GetProperty("error").Text("code")))];

    [Fact]
    public async Task FK15_A_private_authority_is_trusted_where_the_connector_says_so_and_nowhere_else()
    {
        var owner = await scene.Installation.NewOrganization();
        Assert.Equal("succeeded", (await Run(owner, await Connect(owner, scene.Open, scene.Servers.Pem))).Text("status"));
        // The connection that is now open does not serve a connector that does not trust it.
        Assert.Equal("egress.tls", (await Run(owner, await Connect(owner, scene.Open, null))).GetProperty("error").Text("code"));
        Assert.Equal("egress.tls", (await Run(owner, await Connect(owner, scene.Open, scene.Clients.Pem))).GetProperty("error").Text("code"));
        Assert.Equal("egress.tls", (await Run(owner, await Connect(owner, scene.Expired, scene.Servers.Pem))).GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task FK03_A_client_certificate_is_shown_and_each_has_connections_of_its_own()
    {
        var owner = await scene.Installation.NewOrganization();
        await AddCertificate(owner, "first", scene.Clients);
        await AddCertificate(owner, "second", scene.Clients);
        await AddCertificate(owner, "stranger", scene.Servers);
        foreach (var name in (string[])["first", "second", "first"])
            Assert.Equal(name, (await Run(owner, await Connect(owner, scene.Mutual, scene.Servers.Pem, name))).Step("call").GetProperty("output").GetProperty("body").Text("client"));
        Assert.Equal("failed", (await Run(owner, await Connect(owner, scene.Mutual, scene.Servers.Pem, "stranger"))).Text("status"));
        Assert.Equal("failed", (await Run(owner, await Connect(owner, scene.Mutual, scene.Servers.Pem))).Text("status"));
    }

    [Fact]
    public async Task FK14_A_connection_test_tells_the_stage_that_fails()
    {
        var owner = await scene.Installation.NewOrganization();
        await AddCertificate(owner, "client", scene.Clients);
        Assert.Equal(
            [("reach", true, null), ("tls", true, null), ("authenticate", true, null), ("call", true, null)],
            await Test(owner, await Connect(owner, scene.Mutual, scene.Servers.Pem, "client")));
        Assert.Equal([("reach", true, null), ("tls", false, "egress.tls")], await Test(owner, await Connect(owner, scene.Open, null)));
        Assert.Equal([("reach", true, null), ("tls", false, "egress.tls")], await Test(owner, await Connect(owner, scene.Expired, scene.Servers.Pem)));

        var facts = (await owner.Post($"/connectors/{await Connect(owner, scene.Open, scene.Servers.Pem)}/test", new { }).Success()).GetProperty("stages")[1].GetProperty("tls");
        Assert.Equal(("TLS 1.3", "CN=service.test", "CN=Servers"), (facts.Text("version"), facts.Text("subject"), facts.Text("issuer")));
        Assert.True(facts.GetProperty("expires_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_bundle_or_certificate_that_is_none_is_refused()
    {
        var owner = await scene.Installation.NewOrganization();
        using var one = scene.Clients.Issue("one");
        using var two = scene.Clients.Issue("two");
        using var key = two.GetECDsaPrivateKey()!;
        foreach (var roots in (string[])["", "nonsense", key.ExportPkcs8PrivateKeyPem(), scene.Servers.Pem + key.ExportPkcs8PrivateKeyPem()])
        {
            var answer = await owner.Post("/connectors", new { name = "c", base_url = "https://a.test", ca_certificates = roots, authentication = new { type = "none" }, endpoints = Array.Empty<object>() });
            Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/ca_certificates");
        }
        var mismatch = await owner.Post("/credentials", new { name = "c", type = "mtls", allowed_hosts = new[] { "a.test" }, secret = new { certificate = one.ExportCertificatePem(), private_key = key.ExportPkcs8PrivateKeyPem() } });
        Assert.Contains((await mismatch.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/secret/private_key");
    }
}
