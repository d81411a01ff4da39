using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class RetentionCommandTests
{
    [Fact]
    public async Task F810_Policies_are_set_shown_and_removed()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        await owner.Publish("{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }");
        foreach (var arguments in (string[][])[["retention", "set", "--days", "90", "--at-least", "5"], ["retention", "set", "--workflow", "quick", "--at-most", "700"]])
            Assert.Equal(0, (await shell.Run(null, arguments)).Exit);
        var (_, shown, _) = await shell.Run(null, "retention", "show");
        Assert.Equal([["WORKFLOW", "DAYS", "AT", "MOST", "AT", "LEAST"], ["(all", "others)", "90", "-", "5"], ["Quick", "-", "700", "0"]], shown.Trim().Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(0, (await shell.Run(null, "retention", "remove", "--workflow", "quick")).Exit);
        Assert.DoesNotContain("Quick", (await shell.Run(null, "retention", "show")).Out, StringComparison.Ordinal);
        var (exit, _, error) = await shell.Run(null, "retention", "set", "--at-least", "5");
        Assert.Equal(1, exit);
        Assert.Contains("max_age_days", error, StringComparison.Ordinal);
    }
}
