using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Connectors;

internal static class TestCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the connector." };
        var endpoint = new Option<string?>("--endpoint") { Description = "Endpoint to call at the end, one without parameters in its path." };
        var changes = new Option<bool>("--allow-changes") { Description = "Call the endpoint though it is no GET." };
        var json = OutputOption.Json();
        var command = new Command("test", "Try the connection stage by stage: reach, TLS, authenticate, call. Ends with 1 if a stage fails.") { name, endpoint, changes, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await NamedResources.Id(client, "connector", parsed.GetValue(name)!, cancel);
            var result = await client.Post(
                $"/connectors/{id}/test", new JsonObject { ["endpoint"] = parsed.GetValue(endpoint), ["allow_changes"] = parsed.GetValue(changes) }, cancel);
            if (parsed.GetValue(json))
                Table.PrintJson(result!);
            else
                Table.Print(["STAGE", "RESULT", "MS", "DETAIL"], [.. result!["stages"]!.AsArray().Select(s => (string[])
                [
                    Table.Cell(s, "stage"), s!["passed"]!.GetValue<bool>() ? "passed" : "failed", Table.Cell(s, "milliseconds"), Detail(s),
                ])]);
            return result!["passed"]!.GetValue<bool>() ? 0 : 1;
        });
        return command;
    }

    private static string Detail(JsonNode stage)
    {
        if (stage["error"] is JsonObject error)
            return $"{Table.Cell(error, "code")}: {Table.Cell(error, "message")}";
        if (stage["tls"] is JsonObject tls)
            return $"{Table.Cell(tls, "version")}, {Table.Cell(tls, "subject")}, until {Table.Cell(tls, "expires_at")}";
        return stage["status"] is { } status ? $"status {status}" : "";
    }
}
