using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Workflows;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "All workflows that are not archived, newest first.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var items = new JsonArray();
            await foreach (var workflow in client.List("/workflows", cancel))
                items.Add(workflow.DeepClone());
            if (parsed.GetValue(json))
                Table.PrintJson(items);
            else
                Table.Print(["NAME", "STATE", "VERSION", "DRAFT", "UPDATED"], [.. items.Select(w => (string[])
                [
                    Table.Cell(w, "name"), Table.Cell(w, "state"), Table.Cell(w, "published_version"), w!["has_draft"]!.GetValue<bool>() ? "yes" : "no", Table.Time(w, "updated_at"),
                ])]);
            return 0;
        });
        return command;
    }
}
