using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Usage;

internal static class UsageCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("usage", "What the organization uses of what it may.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var usage = (await client.Get("/usage", cancel))!;
            if (parsed.GetValue(json))
                Table.PrintJson(usage);
            else
                Table.Print(["QUOTA", "USED", "MOST", "LEVEL"], [.. usage["quotas"]!.AsArray().Select(q => (string[])
                [
                    Table.Cell(q, "quota"), Table.Cell(q, "used"), Table.Cell(q, "most"), Table.Cell(q, "level"),
                ])]);
            return 0;
        });
        return command;
    }
}
