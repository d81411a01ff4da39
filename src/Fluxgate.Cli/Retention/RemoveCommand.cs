using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Retention;

internal static class RemoveCommand
{
    public static Command Create()
    {
        var (workflow, folder) = (RetentionCommand.Workflow(), RetentionCommand.Folder());
        var command = new Command("remove", "Remove a policy: a workflow has that of its folder or of the organization again, the organization keeps runs for ever.") { workflow, folder };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Delete(await RetentionPath.Of(client, parsed.GetValue(workflow), parsed.GetValue(folder), cancel), cancel);
            return 0;
        });
        return command;
    }
}
