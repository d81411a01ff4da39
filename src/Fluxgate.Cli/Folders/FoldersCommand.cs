using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Access;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Workflows;

namespace Fluxgate.Cli.Folders;

internal static class FoldersCommand
{
    public static Command Create() => new("folders", "Folders of workflows, which inherit who reaches them.") { List(), CreateFolder(), Delete(), Move() };

    private static Command List()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "The folders.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var folders = new JsonArray();
            await foreach (var folder in client.List("/folders", cancel))
                folders.Add(folder.DeepClone());
            if (parsed.GetValue(json))
                Table.PrintJson(folders);
            else
                Table.Print(["NAME", "FOR"], [.. folders.Select(f => (string[])[Table.Cell(f, "name"), f!["restricted"]!.GetValue<bool>() ? "selected" : "everyone"])]);
            return 0;
        });
        return command;
    }

    private static Command CreateFolder()
    {
        var name = AccessCommand.Name();
        var command = new Command("create", "A new folder.") { name };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Post("/folders", new JsonObject { ["name"] = parsed.GetValue(name) }, cancel);
            return 0;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = AccessCommand.Name();
        var command = new Command("delete", "Delete an empty folder.") { name };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Delete(await AccessCommand.Path(client, "folder", parsed.GetValue(name)!, cancel), cancel);
            return 0;
        });
        return command;
    }

    private static Command Move()
    {
        var workflow = new Argument<string>("workflow") { Description = "The workflow's name." };
        var folder = new Option<string?>("--to") { Description = "The folder's name; without it the workflow lies in none." };
        var command = new Command("move", "Put a workflow into a folder, or take it out of one.") { workflow, folder };
        command.Act(async (parsed, client, cancel) =>
        {
            var target = parsed.GetValue(folder) is { } name ? await NamedResources.Id(client, "folder", name, cancel) : null;
            await client.Put($"/workflows/{await NamedResources.Id(client, "workflow", parsed.GetValue(workflow)!, cancel)}/folder", new JsonObject { ["folder_id"] = target }, cancel);
            return 0;
        });
        return command;
    }
}
