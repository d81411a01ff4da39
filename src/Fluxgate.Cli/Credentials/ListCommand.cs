using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Credentials;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "All credentials, without their secrets.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var items = new JsonArray();
            await foreach (var credential in client.List("/credentials", cancel))
                items.Add(credential.DeepClone());
            if (parsed.GetValue(json))
                Table.PrintJson(items);
            else
                Table.Print(["NAME", "TYPE", "HOSTS", "SECRET", "UPDATED"], [.. items.Select(c => (string[])
                [
                    Table.Cell(c, "name"), Table.Cell(c, "type"), string.Join(' ', c!["allowed_hosts"]!.AsArray().Select(h => h!.GetValue<string>())),
                    $"v{Table.Cell(c, "secret_version")}", Table.Time(c, "updated_at"),
                ])]);
            return 0;
        });
        return command;
    }
}
