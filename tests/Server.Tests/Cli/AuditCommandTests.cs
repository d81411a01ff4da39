using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task Abuse15_A_log_that_was_tampered_with_is_told_by_exit_code_count_and_first_failure()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        await Condition.Holds(async () => (await owner.Post("/audit/verify", null).Success()).GetProperty("pending").GetInt32() == 0, "all is sealed");

        var valid = await shell.Run(null, "audit", "verify");
        Assert.Equal((0, ""), (valid.Exit, valid.Error));
        Assert.Matches(@"^valid\n\d+ events, \d+ sealed, \d+ pending, \d+ verified\n$", valid.Out);

        Assert.Equal(1, await installation.Execute("update audit_events set actor_label = 'somebody else' where organization_id = $1 and type = 'api_key.created'", owner.Organization));
        var broken = await shell.Run(null, "audit", "verify");
        Assert.Equal(1, broken.Exit);
        Assert.StartsWith("NOT VALID\n", broken.Out, StringComparison.Ordinal);
        Assert.Contains("first failure: index ", broken.Out, StringComparison.Ordinal);
        var (exit, json, _) = await shell.Run(null, "audit", "verify", "--json");
        using var report = JsonDocument.Parse(json);
        Assert.Equal((1, false), (exit, report.RootElement.GetProperty("valid").GetBoolean()));
    }
}
