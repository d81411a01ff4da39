using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Fluxgate.Server;
using Fluxgate.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fluxgate.Testing;

/// <summary>
/// One running product with a PostgreSQL of its own, shared by the tests of a class or assembly. Each test makes an
/// organization of its own, so that tests run in parallel and isolation is exercised all the time.
/// </summary>
public sealed class TestInstallation : IAsyncDisposable
{
    /// <summary>Each has some 40 connections, of the 200 that the cluster takes.</summary>
    private const int MostOthers = 3;

    private readonly SemaphoreSlim others = new(MostOthers);
    private readonly string directory;
    private FluxgateApplication server;

    private readonly (string Key, string Value)[] settings;

    private TestInstallation(string directory, FluxgateApplication server, (string Key, string Value)[] settings) => (this.directory, this.server, this.settings) = (directory, server, settings);

    public Uri Address => server.Address;

    public IServiceProvider Services => server.Services;

    public string? SetupToken => server.SetupToken;

    /// <summary>The folder of PostgreSQL's socket, for tests that look into the database itself.</summary>
    public string DatabaseSocket => Path.Combine(File.ReadAllText(Path.Combine(directory, "cluster")).Trim(), "socket");

    public string DataDirectory => directory;

    public static async Task<TestInstallation> Start(params (string Key, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("fluxgate-test-").FullName;
        return new TestInstallation(directory, await Open(directory, settings), settings);
    }

    /// <summary>Stops the server and starts it again on the same data.</summary>
    public async Task Restart(params (string Key, string Value)[] settings)
    {
        await server.DisposeAsync();
        server = await Open(directory, settings);
    }

    /// <summary>Another node on the same database and root key, which reaches what the first one reaches, for tests of what only one of them may do.</summary>
    public async Task<FluxgateApplication> AnotherNode(params (string Key, string Value)[] settings)
    {
        await others.WaitAsync();
        try
        {
            var node = await Open(directory, [.. this.settings, ("database:host", DatabaseSocket), .. settings]);
            node.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => others.Release());
            return node;
        }
        catch
        {
            others.Release();
            throw;
        }
    }

    /// <summary>A client that keeps no cookie of another.</summary>
    public TestClient Client() => new(Address);

    /// <summary>A new organization and its signed-in owner.</summary>
    public async Task<TestMember> NewOrganization(string name = "Org")
    {
        var client = Client();
        var unique = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var email = $"owner-{unique}@example.test";
        var answer = await client.Post("/v1/auth/sign-up", new { email, password = TestClient.Password, display_name = "Owner", organization_name = $"{name} {unique}" });
        answer.EnsureSuccessStatusCode();
        return await TestMember.SignedIn(client, answer);
    }

    private static Task<FluxgateApplication> Open(string directory, (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["profile"] = "development",
            ["data_directory"] = directory,
            ["listen"] = "http://127.0.0.1:0",
            ["sign_in:registration"] = "open",
            // All tests are one address; those of the limit itself set it.
            ["limits:anonymous_a_minute"] = "1000000",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return FluxgateApplication.Start(FluxgateConfiguration.Load(null, all), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        others.Dispose();
        var cluster = Path.Combine(directory, "cluster");
        if (File.Exists(cluster))
            Directory.Delete(File.ReadAllText(cluster).Trim(), recursive: true);
        Directory.Delete(directory, recursive: true);
    }
}
