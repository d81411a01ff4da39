using System.Globalization;
using System.Security.Cryptography;
using Fluxgate.Data.Embedded;
using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>Servers as processes that can be killed, on one PostgreSQL of the test's own, with an outside service to call.</summary>
internal sealed class NodeProcesses : IAsyncDisposable
{
    private readonly string directory;
    private readonly string rootKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly List<NodeProcess> nodes = [];

    private NodeProcesses(string directory, string database, HeldService service) => (this.directory, Database, Service) = (directory, database, service);

    /// <summary>The folder of PostgreSQL's socket.</summary>
    public string Database { get; }

    public HeldService Service { get; }

    public static async Task<NodeProcesses> Open()
    {
        var directory = Directory.CreateTempSubdirectory("fluxgate-nodes-").FullName;
        // Nodes bring their own PostgreSQL; here it is one that the test starts.
        var cluster = EmbeddedCluster.At(directory);
        await cluster.Start(CancellationToken.None);
        return new NodeProcesses(directory, cluster.Connection.Host!, await HeldService.Start());
    }

    /// <summary>A node that is ready, and reaches PostgreSQL at <paramref name="database"/> if that is not the usual place.</summary>
    public async Task<NodeProcess> Start(string? database = null)
    {
        var port = FreePort.On("127.0.0.1");
        var node = new NodeProcess(port, FluxgateProcess.Start(["serve"], new Dictionary<string, string>
        {
            ["FLUXGATE_PROFILE"] = "development",
            ["FLUXGATE_DATA_DIRECTORY"] = Path.Combine(directory, port.ToString(CultureInfo.InvariantCulture)),
            ["FLUXGATE_LISTEN"] = $"http://127.0.0.1:{port}",
            ["FLUXGATE_DATABASE__HOST"] = database ?? Database,
            ["FLUXGATE_VAULT__ROOT_KEY"] = rootKey,
            ["FLUXGATE_EGRESS__ALLOW__0"] = $"127.0.0.2/32:{Service.Port}",
            // One person starts all runs, on a quick machine more than a thousand a minute.
            ["FLUXGATE_LIMITS__USER_A_MINUTE"] = "1000000",
            ["FLUXGATE_BOOTSTRAP__OWNER_EMAIL"] = "owner@example.test",
            ["FLUXGATE_BOOTSTRAP__OWNER_PASSWORD"] = TestClient.Password,
        }));
        nodes.Add(node);
        await node.Ready();
        return node;
    }

    /// <summary>The connector <c>held</c> to the service.</summary>
    public async Task Connect(TestMember owner)
    {
        await owner.Post("/connectors", new
        {
            name = "held",
            base_url = $"http://127.0.0.2:{Service.Port}",
            authentication = new { type = "none" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call", timeout_seconds = 60 } },
        }).Success();
    }

    /// <summary>What PostgreSQL's administrator counts.</summary>
    public async Task<long> Count(string query)
    {
        await using var connection = new NpgsqlConnection($"Host={Database};Database=fluxgate;Username=fluxgate_admin;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        await Service.DisposeAsync();
        await EmbeddedClusters.Remove(directory);
    }
}

/// <summary>One of them.</summary>
internal sealed class NodeProcess(int port, FluxgateProcess process) : IAsyncDisposable
{
    public string Output => process.Output;

    public bool HasExited => process.HasExited;

    private Uri Address => new($"http://127.0.0.1:{port}");

    public async Task<TestMember> SignIn()
    {
        var client = new TestClient(Address);
        return await TestMember.SignedIn(client, await client.Post("/v1/auth/sign-in", new { email = "owner@example.test", password = TestClient.Password }));
    }

    public Task Kill() => process.Kill();

    public async Task Ready()
    {
        var client = new TestClient(Address);
        await Condition.Holds(async () =>
        {
            Assert.False(process.HasExited, process.Output);
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

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
