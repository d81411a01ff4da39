using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Connectors;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "All connectors, with the state of their circuit breakers.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var items = new JsonArray();
            await foreach (var connector in client.List("/connectors", cancel))
                items.Add(connector.DeepClone());
            if (parsed.GetValue(json))
                Table.PrintJson(items);
            else
                Table.Print(["NAME", "BASE URL", "AUTHENTICATION", "BREAKER", "FAILURES"], [.. items.Select(c => (string[])
                [
                    Table.Cell(c, "name"), Table.Cell(c, "base_url"), Table.Cell(c!["authentication"], "type"),
                    Table.Cell(c["breaker_status"], "state"), Table.Cell(c["breaker_status"], "failures"),
                ])]);
            return 0;
        });
        return command;
    }
}
