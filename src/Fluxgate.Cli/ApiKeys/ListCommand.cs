using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.ApiKeys;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "Keys with their state, last use and end.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var keys = new JsonArray();
            await foreach (var key in client.List("/api-keys", cancel))
                keys.Add(key.DeepClone());
            if (parsed.GetValue(json))
            {
                Table.PrintJson(keys);
                return 0;
            }
            Table.Print(["PREFIX", "NAME", "STATE", "LAST USE", "FROM", "EXPIRES", "SCOPES"], [.. keys.Select(k => (string[])
            [
                Table.Cell(k, "prefix"), Table.Cell(k, "name"), Table.Cell(k, "state") + (k!["rotation_due"]!.GetValue<bool>() ? ", rotation due" : ""),
                Table.Time(k, "last_used_at"), Table.Cell(k, "last_used_network"), Table.Time(k, "expires_at"), string.Join(' ', k["scopes"]!.AsArray().Select(s => s!.GetValue<string>())),
            ])]);
            return 0;
        });
        return command;
    }
}
