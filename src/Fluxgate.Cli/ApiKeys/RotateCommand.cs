using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.ApiKeys;

internal static class RotateCommand
{
    public static Command Create()
    {
        var prefix = ApiKeysCommand.Prefix();
        var grace = new Option<int>("--grace") { Description = "Hours (0–168) that the old key goes on.", DefaultValueFactory = _ => 24 };
        var command = new Command("rotate", "Make a key in the place of another; the new one is printed here and never again.") { prefix, grace };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await ApiKeysCommand.Id(client, parsed.GetValue(prefix)!, cancel);
            var key = await client.Post($"/api-keys/{id}/rotate", new JsonObject { ["grace_hours"] = parsed.GetValue(grace) }, cancel);
            Console.WriteLine(Table.Cell(key, "key"));
            return 0;
        });
        return command;
    }
}
