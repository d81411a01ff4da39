namespace Fluxgate.Server.Tests.Cli;

public sealed class KillSwitchCommandTests
{
    [Fact]
    public async Task FN12_The_command_line_switches_off_shows_and_lifts()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Publish("{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }");
        using var shell = await CommandLine.LoggedIn(installation, owner);
        foreach (var what in (string[][])[["workflow", "Quick"], ["hooks"]])
        {
            Assert.Equal(0, (await shell.Run(null, ["kill-switches", "off", .. what, "--reason", "for a look"])).Exit);
            var (exit, output, _) = await shell.Run(null, "kill-switches", "list");
            Assert.True(exit == 0 && output.Contains(what[0], StringComparison.Ordinal) && output.Contains("for a look", StringComparison.Ordinal), output);
            Assert.Equal(0, (await shell.Run(null, ["kill-switches", "on", .. what, "--reason", "seen"])).Exit);
        }
        Assert.DoesNotContain("for a look", (await shell.Run(null, "kill-switches", "list")).Out, StringComparison.Ordinal);
    }
}
