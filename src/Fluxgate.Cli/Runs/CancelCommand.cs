using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Runs;

internal static class CancelCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid?>("id") { Description = "The run's id.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All runs that the filters let through, 1000 at most; without filters every one that is not finished." };
        var filters = new FilterOptions();
        var command = new Command("cancel", "End runs that are not finished.") { id, all };
        filters.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(all))
                result.AddError("Give either the id of a run or --all.");
        });
        command.Act(async (parsed, client, cancel) =>
        {
            if (parsed.GetValue(id) is { } run)
            {
                await client.Post($"/runs/{run}/cancel", null, cancel);
                return 0;
            }
            var answer = await client.Post("/runs/cancel", new JsonObject { ["filter"] = await filters.Read(parsed, client, cancel) }, cancel);
            Console.WriteLine($"{Table.Cell(answer, "matched")} runs are asked to end{(answer!["more"]!.GetValue<bool>() ? "; there are more" : "")}");
            return 0;
        });
        return command;
    }
}
