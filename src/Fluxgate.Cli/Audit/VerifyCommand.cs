using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Audit;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var json = OutputOption.Json();
        var command = new Command("verify", "Check the whole log: every event against its hash, every hash against the chain. Exit 0 only if all hold.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var log = (await client.Post("/audit/verify", null, cancel))!;
            var valid = log["valid"]!.GetValue<bool>();
            if (parsed.GetValue(json))
            {
                Table.PrintJson(log);
                return valid ? 0 : 1;
            }
            Console.WriteLine(valid ? "valid" : "NOT VALID");
            Console.WriteLine($"{Table.Cell(log, "events")} events, {Table.Cell(log, "sealed")} sealed, {Table.Cell(log, "pending")} pending, {Table.Cell(log, "verified")} verified");
            if (log["first_failure"] is { } failure)
                Console.WriteLine(Table.OneLine($"first failure: index {Table.Cell(failure, "index")}, event {Table.Cell(failure, "event_id")}, {Table.Cell(failure, "step")}: {Table.Cell(failure, "fault")}"));
            return valid ? 0 : 1;
        });
        return command;
    }
}
