using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>One installation, and one outside service that it may reach, for all tests of this assembly; collections would serialise them, an assembly-wide lazy does not.</summary>
public static class Installation
{
    private static readonly Lazy<Task<(TestInstallation Installation, StubService Stub)>> Shared = new(Start);

    public static async Task<TestInstallation> Get() => (await Shared.Value).Installation;

    public static async Task<StubService> Stub() => (await Shared.Value).Stub;

    private static async Task<(TestInstallation, StubService)> Start()
    {
        var stub = await StubService.Start();
        var installation = await TestInstallation.Start(stub.EgressSetting, ("kv:sweep_seconds", "1"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            installation.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        };
        return (installation, stub);
    }
}
