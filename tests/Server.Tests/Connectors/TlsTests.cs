using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>FK03 and FK15: client certificates, private authorities, and the stages of a connection test that tell of them (FK14).</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private static readonly TestAuthority Servers = new("Servers");
    private static readonly TestAuthority Clients = new("Clients");
    private static readonly IPAddress Outside = IPAddress.Parse("127.0.0.2");

    private TlsService open = null!;
    private TlsService mutual = null!;
    private TlsService expired = null!;
    private TestInstallation installation = null!;

    public async Task InitializeAsync()
    {
        open = await TlsService.Start(Servers.Issue("service.test", Outside));
        mutual = await TlsService.Start(Servers.Issue("service.test", Outside), Clients);
        expired = await TlsService.Start(Servers.Issue("service.test", Outside, expired: true));
        installation = await TestInstallation.Start(
            [.. ((TlsService[])[open, mutual, expired]).Select((s, i) => ($"egress:allow:{i}", $"127.0.0.2/32:{s.Address.Port}"))]);
    }

    public async Task DisposeAsync()
    {
        await installation.DisposeAsync();
        foreach (var service in (TlsService[])[open, mutual, expired])
            await service.DisposeAsync();
    }

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
        var owner = await installation.NewOrganization();
        Assert.Equal("succeeded", (await Run(owner, await Connect(owner, open, Servers.Pem))).Text("status"));
        // The connection that is now open does not serve a connector that does not trust it.
        Assert.Equal("egress.tls", (await Run(owner, await Connect(owner, open, null))).GetProperty("error").Text("code"));
        Assert.Equal("egress.tls", (await Run(owner, await Connect(owner, open, Clients.Pem))).GetProperty("error").Text("code"));
        Assert.Equal("egress.tls", (await Run(owner, await Connect(owner, expired, Servers.Pem))).GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task FK03_A_client_certificate_is_shown_and_each_has_connections_of_its_own()
    {
        var owner = await installation.NewOrganization();
        await AddCertificate(owner, "first", Clients);
        await AddCertificate(owner, "second", Clients);
        await AddCertificate(owner, "stranger", Servers);
        foreach (var name in (string[])["first", "second", "first"])
            Assert.Equal(name, (await Run(owner, await Connect(owner, mutual, Servers.Pem, name))).Step("call").GetProperty("output").GetProperty("body").Text("client"));
        Assert.Equal("failed", (await Run(owner, await Connect(owner, mutual, Servers.Pem, "stranger"))).Text("status"));
        Assert.Equal("failed", (await Run(owner, await Connect(owner, mutual, Servers.Pem))).Text("status"));
    }

    [Fact]
    public async Task FK14_A_connection_test_tells_the_stage_that_fails()
    {
        var owner = await installation.NewOrganization();
        await AddCertificate(owner, "client", Clients);
        Assert.Equal(
            [("reach", true, null), ("tls", true, null), ("authenticate", true, null), ("call", true, null)],
            await Test(owner, await Connect(owner, mutual, Servers.Pem, "client")));
        Assert.Equal([("reach", true, null), ("tls", false, "egress.tls")], await Test(owner, await Connect(owner, open, null)));
        Assert.Equal([("reach", true, null), ("tls", false, "egress.tls")], await Test(owner, await Connect(owner, expired, Servers.Pem)));

        var facts = (await owner.Post($"/connectors/{await Connect(owner, open, Servers.Pem)}/test", new { }).Success()).GetProperty("stages")[1].GetProperty("tls");
        Assert.Equal(("TLS 1.3", "CN=service.test", "CN=Servers"), (facts.Text("version"), facts.Text("subject"), facts.Text("issuer")));
        Assert.True(facts.GetProperty("expires_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_bundle_or_certificate_that_is_none_is_refused()
    {
        var owner = await installation.NewOrganization();
        using var one = Clients.Issue("one");
        using var two = Clients.Issue("two");
        using var key = two.GetECDsaPrivateKey()!;
        foreach (var roots in (string[])["", "nonsense", key.ExportPkcs8PrivateKeyPem(), Servers.Pem + key.ExportPkcs8PrivateKeyPem()])
        {
            var answer = await owner.Post("/connectors", new { name = "c", base_url = "https://a.test", ca_certificates = roots, authentication = new { type = "none" }, endpoints = Array.Empty<object>() });
            Assert.Contains((await answer.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/ca_certificates");
        }
        var mismatch = await owner.Post("/credentials", new { name = "c", type = "mtls", allowed_hosts = new[] { "a.test" }, secret = new { certificate = one.ExportCertificatePem(), private_key = key.ExportPkcs8PrivateKeyPem() } });
        Assert.Contains((await mismatch.Json()).GetProperty("errors").EnumerateArray(), e => e.Text("pointer") == "/secret/private_key");
    }
}
