using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class LimitsCommandTests
{
    [Fact]
    public async Task FB09_Limits_are_lowered_shown_and_given_back()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        Assert.Equal(0, (await shell.Run(null, "limits", "set", "--key", "5000")).Exit);
        Assert.Equal(0, (await shell.Run(null, "limits", "set", "--organization", "6000")).Exit);
        var (_, shown, _) = await shell.Run(null, "limits", "show");
        var rows = shown.Trim().Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains("key 5000 60 10000", rows);
        Assert.Contains("organization 6000 60 60000", rows);
        Assert.Contains("governance_hour 1000 3600 1000", rows);
        Assert.Equal(0, (await shell.Run(null, "limits", "set", "--key", "default")).Exit);
        Assert.Contains("10000", (await shell.Run(null, "limits", "show")).Out.Split('\n').Single(l => l.StartsWith("key ", StringComparison.Ordinal)).Split(' '));
        var (exit, _, error) = await shell.Run(null, "limits", "set", "--key", "10001");
        Assert.Equal(1, exit);
        Assert.Contains("key_a_minute", error, StringComparison.Ordinal);
    }
}
