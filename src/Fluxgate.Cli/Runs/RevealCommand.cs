using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Runs;

internal static class RevealCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid>("id") { Description = "The run's id." };
        var reason = new Option<string>("--reason") { Description = "Why it is looked at; the audit keeps it.", Required = true };
        var node = new Option<string?>("--node") { Description = "The step, such as card or each[3].card. Without one: the run's trigger, output and error." };
        var command = new Command("reveal", "Show what a run hides because its workflow calls it sensitive.") { id, reason, node };
        command.Act(async (parsed, client, cancel) =>
        {
            var revealed = await client.Post($"/runs/{parsed.GetValue(id)}/reveal", new JsonObject { ["reason"] = parsed.GetValue(reason), ["node"] = parsed.GetValue(node) }, cancel);
            Table.PrintJson(revealed!);
            return 0;
        });
        return command;
    }
}
