using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.ApiKeys;

internal static class ReportLeakCommand
{
    public static Command Create()
    {
        var source = new Option<string?>("--source") { Description = "Where it was found." };
        var url = new Option<string?>("--url") { Description = "The server, if it is not that of FLUXGATE_URL or the stored login." };
        var command = new Command("report-leak", "Have a key revoked that was found where it does not belong. It is read from standard input; no login is needed.") { source, url };
        command.ActLocally(async (parsed, cancel) =>
        {
            using var client = new FluxgateClient(ServerConnection.Server(parsed.GetValue(url)));
            await client.Send(HttpMethod.Post, "/v1/leak-reports", new JsonObject { ["key"] = SecretInput.Read("API key"), ["source"] = parsed.GetValue(source) }, cancel);
            return 0;
        });
        return command;
    }
}
