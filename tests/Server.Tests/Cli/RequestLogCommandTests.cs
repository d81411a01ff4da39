using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class RequestLogCommandTests
{
    [Fact]
    public async Task FN08_The_command_line_lists_requests_and_traces_a_watermark()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var key = await owner.NewKey("members:read");
        var answer = await installation.KeyClient(key).Get("/v1/webhook-endpoints");
        var watermark = answer.Headers.GetValues("Fluxgate-Watermark").Single();
        (int Exit, string Out, string Error) traced = default;
        await Condition.Holds(async () => (traced = await shell.Run(null, "watermark", "trace", watermark)).Exit == 0, "the request is in the log");
        Assert.Contains("list_webhook_endpoints", traced.Out, StringComparison.Ordinal);
        Assert.Contains(key.Text("prefix"), traced.Out, StringComparison.Ordinal);
        Assert.StartsWith("watermark.malformed: ", (await shell.Run(null, "watermark", "trace", "fgw_")).Error, StringComparison.Ordinal);
        Assert.Contains(watermark, (await shell.Run(null, "request-log", "--key", key.Text("prefix"), "--refused")).Out, StringComparison.Ordinal);
        Assert.Contains(watermark, (await shell.Run(null, "request-log", "--path", "/v1/webhook-endpoints", "--json")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain(watermark, (await shell.Run(null, "request-log", "--path", "/v1/members")).Out, StringComparison.Ordinal);
    }
}
