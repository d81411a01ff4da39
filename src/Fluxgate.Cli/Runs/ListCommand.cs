using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Workflows;

namespace Fluxgate.Cli.Runs;

internal static class ListCommand
{
    private const int MostShown = 10_000;

    public static Command Create()
    {
        var status = new Option<string?>("--status") { Description = "Only runs in this state, such as failed." };
        var workflow = new Option<string?>("--workflow") { Description = "Only runs of the workflow of this name." };
        var limit = new Option<int>("--limit") { Description = "How many, at most 10000.", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostShown)
                result.AddError($"--limit is 1 to {MostShown}.");
        });
        var json = OutputOption.Json();
        var command = new Command("list", "Runs, newest first.") { status, workflow, limit, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var filters = new List<string>();
            if (parsed.GetValue(status) is { } state)
                filters.Add($"status={Uri.EscapeDataString(state)}");
            if (parsed.GetValue(workflow) is { } name)
                filters.Add($"workflow_id={await NamedResources.Id(client, "workflow", name, cancel)}");
            var items = new JsonArray();
            await foreach (var run in client.List(filters.Count == 0 ? "/runs" : $"/runs?{string.Join('&', filters)}", cancel))
            {
                items.Add(run.DeepClone());
                if (items.Count == parsed.GetValue(limit))
                    break;
            }
            if (parsed.GetValue(json))
                Table.PrintJson(items);
            else
                Table.Print(["RUN", "WORKFLOW", "STATUS", "STARTED", "FINISHED", "ERROR"], [.. items.Select(r => (string[])
                [
                    Table.Cell(r, "id"), $"{Table.Cell(r, "workflow_name")} v{Table.Cell(r, "workflow_version")}", Table.Cell(r, "status"),
                    Table.Time(r, "started_at"), Table.Time(r, "finished_at"), Table.Cell(r, "error_code"),
                ])]);
            return 0;
        });
        return command;
    }
}
