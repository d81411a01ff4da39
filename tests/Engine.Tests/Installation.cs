using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests;

/// <summary>One installation for all tests of this assembly.</summary>
public static class Installation
{
    private static readonly Lazy<Task<TestInstallation>> Shared = new(() =>
    {
        var start = TestInstallation.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => start.Result.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return start;
    });

    public static Task<TestInstallation> Get() => Shared.Value;
}
