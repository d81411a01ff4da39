using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>One installation, and an outside service and an authorization server that it may reach, for all tests of this assembly; collections would serialise them, an assembly-wide lazy does not.</summary>
public static class Installation
{
    private static readonly Lazy<Task<(TestInstallation Installation, StubService Stub, AuthorizationServer Authorization)>> Shared = new(Start);

    private const int OutsidePorts = 60;

    private static readonly ConcurrentQueue<TcpListener> Listeners = new();

    /// <summary>A port of 127.0.0.2 for one server of one test, that the installation may reach and that listens already.</summary>
    public static async Task<TcpListener> OutsidePort()
    {
        await Shared.Value;
        return Listeners.TryDequeue(out var listener) ? listener : throw new InvalidOperationException("More servers than ports; raise their number.");
    }

    public static async Task<TestInstallation> Get() => (await Shared.Value).Installation;

    public static async Task<StubService> Stub() => (await Shared.Value).Stub;

    public static async Task<AuthorizationServer> Authorization() => (await Shared.Value).Authorization;

    private static async Task<(TestInstallation, StubService, AuthorizationServer)> Start()
    {
        var stub = await StubService.Start();
        var authorization = await AuthorizationServer.Start();
        // What is reached is said once, at the start: ports for the servers that tests begin later.
        for (var n = 0; n < OutsidePorts; n++)
        {
            var listener = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
            listener.Start();
            Listeners.Enqueue(listener);
        }
        var allowed = Listeners.Select((l, n) => ($"egress:allow:{n + 10}", $"127.0.0.2/32:{((IPEndPoint)l.LocalEndpoint).Port}"));
        var installation = await TestInstallation.Start([stub.EgressSetting, authorization.EgressSetting, ("kv:sweep_seconds", "1"), ("code:enabled", "true"), ("retention:sweep_seconds", "1"), ("retention:least_run_count", "2"), .. allowed]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            installation.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stub.DisposeAsync().AsTask().GetAwaiter().GetResult();
            authorization.DisposeAsync().AsTask().GetAwaiter().GetResult();
        };
        return (installation, stub, authorization);
    }
}
