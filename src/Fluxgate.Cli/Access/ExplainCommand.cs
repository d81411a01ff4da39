using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Access;

internal static class ExplainCommand
{
    public static Command Create()
    {
        var (kind, name, json) = (AccessCommand.Kind(), AccessCommand.Name(), OutputOption.Json());
        var member = new Option<string>("--member") { Description = "The member's address.", Required = true };
        var command = new Command("explain", "What one member may do with it, and why or why not.") { kind, name, member, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var path = await AccessCommand.Path(client, parsed.GetValue(kind)!, parsed.GetValue(name)!, cancel);
            var explanation = (await client.Get($"{path}/access?member={await Subjects.Member(client, parsed.GetValue(member)!, cancel)}", cancel))!["explanation"]!;
            if (parsed.GetValue(json))
            {
                Table.PrintJson(explanation);
                return 0;
            }
            Table.Print(["RIGHT", "ALLOWED", "REASON", "BY"], [.. explanation["rights"]!.AsArray().Select(r => (string[])
            [
                Table.Cell(r, "right"), r!["allowed"]!.GetValue<bool>() ? "yes" : "no", Table.Cell(r, "reason"), string.Join("; ", r["sources"]!.AsArray().Select(s => s!.GetValue<string>())),
            ])]);
            return 0;
        });
        return command;
    }
}
