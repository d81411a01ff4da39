using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Edge;

public sealed class ClientAddressTests
{
    private static async Task<TestClient> From(FluxgateApplication node, string network)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var key = await owner.Post("/api-keys", new { name = "k", scopes = new[] { "members:read" }, networks = new[] { network } }).Success();
        return new TestClient(node.Address) { ApiKey = key.Text("key") };
    }

    [Fact]
    public async Task FN03_Abuse08_The_clients_address_is_what_trusted_proxies_say_read_from_the_right()
    {
        await using var node = await (await Installation.Get()).AnotherNode(("edge:trusted_proxies:0", "127.0.0.1"), ("edge:trusted_proxies:1", "10.0.0.0/8"));
        var client = await From(node, "203.0.113.7");
        string Hops(int count) => "203.0.113.7, " + string.Join(", ", Enumerable.Range(1, count).Select(n => $"10.0.0.{n}"));
        foreach (var (header, isTaken) in ((string, bool)[])
        [
            ("203.0.113.7", true), ("203.0.113.7, 10.1.2.3", true), ("198.51.100.1, 203.0.113.7", true), (Hops(10), true),
            ("203.0.113.7:4711", true), ("::ffff:203.0.113.7", true), ("[::ffff:203.0.113.7]:1", true),
            ("203.0.113.7, 198.51.100.1", false), ("203.0.113.7, 198.51.100.1, 10.1.2.3", false), (Hops(20), false),
            ("203.0.113.70", false), ("1203.0.113.7", false), ("203.0.113.7 x", false), ("0313.0.113.7", false), ("203.0.113.7%1", false),
            ("203.0.113.7, unknown", false), ("203.0.113.7, garbage, 10.1.2.3", false), ("203.0.113.7,", false), ("", false),
        ])
        {
            var answer = await client.Open("/v1/members", ("X-Forwarded-For", header));
            Assert.True((isTaken ? 200 : 403) == (int)answer.StatusCode, $"'{header}': {(int)answer.StatusCode}");
        }
        Assert.Equal(403, (int)(await client.Open("/v1/members", ("Forwarded", "for=203.0.113.7"), ("X-Real-IP", "203.0.113.7"))).StatusCode);
    }

    [Fact]
    public async Task FN03_Abuse08_What_others_than_trusted_proxies_say_is_not_looked_at()
    {
        await using var node = await (await Installation.Get()).AnotherNode(("edge:trusted_proxies:0", "127.0.0.0/32"), ("edge:trusted_proxies:1", "127.0.0.10"));
        await (await From(node, "203.0.113.7")).Open("/v1/members", ("X-Forwarded-For", "203.0.113.7")).Refuses(403, "key.network");
        await (await From(node, "127.0.0.1")).Open("/v1/members", ("X-Forwarded-For", "203.0.113.7")).Success();
        Assert.False((await new TestClient(node.Address).Open("/health", ("X-Forwarded-Proto", "https"))).Headers.Contains("Strict-Transport-Security"));
    }
}
