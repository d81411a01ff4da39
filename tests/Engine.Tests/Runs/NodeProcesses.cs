using System.Globalization;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>Servers as processes that can be killed, on a PostgreSQL of the test's own.</summary>
internal static class NodeProcesses
{
    public static FluxgateProcess StartNode(string directory, string host, string rootKey, int port, int servicePort) => FluxgateProcess.Start(["serve"], new Dictionary<string, string>
    {
        ["FLUXGATE_PROFILE"] = "development",
        ["FLUXGATE_DATA_DIRECTORY"] = Path.Combine(directory, port.ToString(CultureInfo.InvariantCulture)),
        ["FLUXGATE_LISTEN"] = $"http://127.0.0.1:{port}",
        ["FLUXGATE_DATABASE__HOST"] = host,
        ["FLUXGATE_VAULT__ROOT_KEY"] = rootKey,
        ["FLUXGATE_EGRESS__ALLOW__0"] = $"127.0.0.2/32:{servicePort}",
        ["FLUXGATE_BOOTSTRAP__OWNER_EMAIL"] = "owner@example.test",
        ["FLUXGATE_BOOTSTRAP__OWNER_PASSWORD"] = TestClient.Password,
    });

    public static async Task Ready(FluxgateProcess node, int port)
    {
        var client = new TestClient(new Uri($"http://127.0.0.1:{port}"));
        await Condition.Holds(async () =>
        {
            Assert.False(node.HasExited, node.Output);
            try
            {
                return (await client.Get("/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the node is ready", seconds: 60);
    }

    public static async Task<TestMember> SignIn(int port)
    {
        var client = new TestClient(new Uri($"http://127.0.0.1:{port}"));
        return await TestMember.SignedIn(client, await client.Post("/v1/auth/sign-in", new { email = "owner@example.test", password = TestClient.Password }));
    }

    /// <summary>The connector <c>held</c> to a service on that port.</summary>
    public static async Task Connect(TestMember owner, int servicePort)
    {
        await owner.Post("/connectors", new
        {
            name = "held",
            base_url = $"http://127.0.0.2:{servicePort}",
            authentication = new { type = "none" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call", timeout_seconds = 60 } },
        }).Success();
    }
}
