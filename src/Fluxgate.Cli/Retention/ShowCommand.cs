using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Retention;

internal static class ShowCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("show", "The policies of the organization and of its workflows.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var retention = (await client.Get("/settings/retention", cancel))!;
            if (parsed.GetValue(json))
            {
                Table.PrintJson(retention);
                return 0;
            }
            var folders = retention["folders"]!.AsArray().Select(f => Row($"(folder {Table.Cell(f, "folder_name")})", f!["policy"]!));
            var rows = retention["workflows"]!.AsArray().Select(w => Row(Table.Cell(w, "workflow_name"), w!["policy"]!));
            Table.Print(["WORKFLOW", "DAYS", "AT MOST", "AT LEAST"], [.. retention["organization"] is { } all ? [Row("(all others)", all)] : (string[][])[], .. folders, .. rows]);
            return 0;
        });
        return command;
    }

    private static string[] Row(string name, JsonNode policy) => [name, Table.Cell(policy, "max_age_days"), Table.Cell(policy, "max_count"), Table.Cell(policy, "min_count")];
}
