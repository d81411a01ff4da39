using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.KeyValues;

internal static class GetCommand
{
    public static Command Create()
    {
        var (key, place, json) = (KvPath.Key(), new KvPath.PlaceOptions(), OutputOption.Json());
        var command = new Command("get", "The value of an entry, as JSON; with --workflow the nearest one, as the workflow reads it.") { key, json };
        place.AddTo(command);
        command.Act(async (parsed, client, cancel) =>
        {
            var path = await KvPath.Of(client, parsed, place, parsed.GetValue(key), cancel);
            var entry = await client.Get(parsed.GetValue(place.Workflow) is null ? path : $"{path}?nearest=true", cancel);
            Table.PrintJson(parsed.GetValue(json) ? entry : entry!["is_secret"]!.GetValue<bool>() ? "[secret]" : entry["value"]);
            return 0;
        });
        return command;
    }
}
