using Fluxgate.Server.Tests.Anomalies;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class AnomaliesCommandTests
{
    [Fact]
    public async Task FN11_Anomalies_are_listed_acknowledged_with_their_key_restored_and_settings_changed()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        Assert.Equal(0, (await shell.Run(null, "anomalies", "settings", "set", "--volume-suspends", "on", "--volume-over", "300")).Exit);
        var settings = (await shell.Run(null, "anomalies", "settings", "show")).Out.Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains("volume_suspends on", settings);
        Assert.Contains("volume_over 300", settings);
        Assert.Contains("new_network_suspends off", settings);
        Assert.Equal(2, (await shell.Run(null, "anomalies", "settings", "set", "--volume", "maybe")).Exit);

        var key = await Watched.Key(installation, owner);
        await key.Did(301, 0, 0);
        var anomaly = Assert.Single(await key.Judged());
        var (_, listed, _) = await shell.Run(null, "anomalies", "list", "--kind", "volume");
        Assert.Contains(anomaly.Text("summary"), Assert.Single(listed.Split('\n'), l => l.StartsWith(anomaly.Text("id"), StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("suspended", (await owner.Get($"/api-keys/{key.Id}").Success()).Text("state"));
        var (exit, _, error) = await shell.Run(null, "anomalies", "acknowledge", anomaly.Text("id"), "--note", "ours", "--restore");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal("active", (await owner.Get($"/api-keys/{key.Id}").Success()).Text("state"));
        Assert.DoesNotContain(anomaly.Text("id"), (await shell.Run(null, "anomalies", "list")).Out, StringComparison.Ordinal);
        Assert.Contains(anomaly.Text("id"), (await shell.Run(null, "anomalies", "list", "--all")).Out, StringComparison.Ordinal);
    }
}
