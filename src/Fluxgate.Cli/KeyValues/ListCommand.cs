using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.KeyValues;

internal static class ListCommand
{
    public static Command Create()
    {
        var (place, json) = (new KvPath.PlaceOptions(), OutputOption.Json());
        var command = new Command("list", "The entries of one scope, without their values.") { json };
        place.AddTo(command);
        command.Act(async (parsed, client, cancel) =>
        {
            var items = new JsonArray();
            await foreach (var entry in client.List(await KvPath.Of(client, parsed, place, null, cancel), cancel))
                items.Add(entry.DeepClone());
            if (parsed.GetValue(json))
                Table.PrintJson(items);
            else
                Table.Print(["KEY", "VERSION", "EXPIRES", "UPDATED"], [.. items.Select(e => (string[])
                [
                    Table.Cell(e, "key"), Table.Cell(e, "version"), Table.Time(e, "expires_at"), Table.Time(e, "updated_at"),
                ])]);
            return 0;
        });
        return command;
    }
}
