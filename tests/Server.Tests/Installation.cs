using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>One installation, and an outside service and an authorization server that it may reach, for all tests of this assembly; collections would serialise them, an assembly-wide lazy does not.</summary>
public static class Installation
{
    private static readonly Lazy<Task<(TestInstallation Installation, StubService Stub, AuthorizationServer Authorization)>> Shared = new(Start);

    public static async Task<TestInstallation> Get() => (await Shared.Value).Installation;

    public static async Task<StubService> Stub() => (await Shared.Value).Stub;

    public static async Task<AuthorizationServer> Authorization() => (await Shared.Value).Authorization;

    private static async Task<(TestInstallation, StubService, AuthorizationServer)> Start()
    {
        var stub = await StubService.Start();
        var authorization = await AuthorizationServer.Start();
        var installation = await TestInstallation.Start(stub.EgressSetting, authorization.EgressSetting, ("kv:sweep_seconds", "1"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            installation.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stub.DisposeAsync().AsTask().GetAwaiter().GetResult();
            authorization.DisposeAsync().AsTask().GetAwaiter().GetResult();
        };
        return (installation, stub, authorization);
    }
}
