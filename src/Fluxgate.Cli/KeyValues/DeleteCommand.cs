using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.KeyValues;

internal static class DeleteCommand
{
    public static Command Create()
    {
        var (key, place, version) = (KvPath.Key(), new KvPath.PlaceOptions(), KvPath.Version());
        var command = new Command("delete", "Delete an entry.") { key, version };
        place.AddTo(command);
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Delete(await KvPath.Of(client, parsed, place, parsed.GetValue(key), cancel), cancel, KvPath.IfMatch(parsed.GetValue(version)));
            return 0;
        });
        return command;
    }
}
