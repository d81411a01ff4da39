using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Retention;

internal static class SetCommand
{
    public static Command Create()
    {
        var (workflow, folder) = (RetentionCommand.Workflow(), RetentionCommand.Folder());
        var days = new Option<int?>("--days") { Description = "Days after which runs go." };
        var most = new Option<int?>("--at-most") { Description = "Runs of a workflow that are kept at most." };
        var least = new Option<int>("--at-least") { Description = "Newest runs that stay in any case.", DefaultValueFactory = _ => 0 };
        var command = new Command("set", "Say how long runs are kept; deleted runs do not come back.") { workflow, folder, days, most, least };
        command.Act(async (parsed, client, cancel) =>
        {
            var policy = new JsonObject { ["max_age_days"] = parsed.GetValue(days), ["max_count"] = parsed.GetValue(most), ["min_count"] = parsed.GetValue(least) };
            await client.Put(await RetentionPath.Of(client, parsed.GetValue(workflow), parsed.GetValue(folder), cancel), policy, cancel);
            return 0;
        });
        return command;
    }
}
