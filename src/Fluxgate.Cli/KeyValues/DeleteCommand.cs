using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.KeyValues;

internal static class DeleteCommand
{
    public static Command Create()
    {
        var (key, workflow, version) = (KvPath.Key(), KvPath.Workflow(), KvPath.Version());
        var command = new Command("delete", "Delete an entry.") { key, workflow, version };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Delete(await KvPath.Of(client, parsed.GetValue(workflow), parsed.GetValue(key), cancel), cancel, KvPath.IfMatch(parsed.GetValue(version)));
            return 0;
        });
        return command;
    }
}
