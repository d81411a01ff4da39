using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Runs;

internal static class ShowCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid>("id") { Description = "The run's id." };
        var json = OutputOption.Json();
        var command = new Command("show", "One run with its steps; reading it is recorded in the audit log.") { id, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var run = (await client.Get($"/runs/{parsed.GetValue(id)}", cancel))!;
            if (parsed.GetValue(json))
            {
                Table.PrintJson(run);
                return 0;
            }
            Console.WriteLine(Table.OneLine($"{Table.Cell(run, "workflow_name")} v{Table.Cell(run, "workflow_version")}, started {Table.Time(run, "started_at")} by {Table.Cell(run, "trigger_type")}"));
            Console.WriteLine(RunTimeline.Outcome(run));
            Table.Print(["STEP", "TYPE", "STATUS", "ATTEMPTS", "FINISHED", "ERROR"], [.. run["steps"]!.AsArray().Select(s => (string[])
            [
                Table.Cell(s, "node"), Table.Cell(s, "type"), Table.Cell(s, "status"), Table.Cell(s, "attempts"), Table.Time(s, "finished_at"),
                s!["error"] is { } error ? Table.Cell(error, "code") : "-",
            ])]);
            return 0;
        });
        return command;
    }
}
