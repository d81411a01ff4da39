using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.KeyValues;

internal static class IncrementCommand
{
    public static Command Create()
    {
        var (key, place, life) = (KvPath.Key(), new KvPath.PlaceOptions(), KvPath.TimeToLive());
        var by = new Option<long>("--by") { Description = "How much is added.", DefaultValueFactory = _ => 1 };
        var command = new Command("increment", "Add to a whole number; what is not there is 0.") { key, by, life };
        place.AddTo(command);
        command.Act(async (parsed, client, cancel) =>
        {
            var body = new JsonObject { ["by"] = parsed.GetValue(by) };
            if (parsed.GetValue(life) is { } seconds)
                body["ttl_seconds"] = seconds;
            var path = await KvPath.Of(client, parsed, place, parsed.GetValue(key), cancel);
            Table.PrintJson((await client.Post($"{path}/increment", body, cancel))!["value"]);
            return 0;
        });
        return command;
    }
}
