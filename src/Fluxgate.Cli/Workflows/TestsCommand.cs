using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Workflows;

internal static class TestsCommand
{
    public static Command Create() => new("tests", "Recorded runs that workflows are tested with.") { List(), Record(), Delete() };

    private static Command List()
    {
        var (name, json) = (new Argument<string>("workflow") { Description = "Name of the workflow." }, OutputOption.Json());
        var command = new Command("list", "The tests of a workflow.") { name, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var tests = (await client.Get($"/workflows/{await NamedResources.Id(client, "workflow", parsed.GetValue(name)!, cancel)}/tests", cancel))!["items"]!.AsArray();
            if (parsed.GetValue(json))
                Table.PrintJson(tests);
            else
                Table.Print(["NAME", "VERSION", "CALLS", "RECORDED", "RUN"], [.. tests.Select(t => (string[])
                [
                    Table.Cell(t, "name"), Table.Cell(t, "version"), Table.Cell(t, "calls"), Table.Time(t, "recorded_at"), Table.Cell(t, "run_id"),
                ])]);
            return 0;
        });
        return command;
    }

    private static Command Record()
    {
        var run = new Argument<string>("run") { Description = "Id of a run that has ended." };
        var test = new Argument<string>("test") { Description = "Name of the test; one that exists is replaced." };
        var command = new Command("record", "Keep a run as a test of its workflow.") { run, test };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = parsed.GetValue(run)!;
            var workflow = Table.Cell(await client.Get($"/runs/{Uri.EscapeDataString(id)}", cancel), "workflow_id");
            var recorded = await client.Put($"/workflows/{workflow}/tests/{Uri.EscapeDataString(parsed.GetValue(test)!)}", new JsonObject { ["run_id"] = id }, cancel);
            Console.WriteLine($"recorded {Table.OneLine(Table.Cell(recorded, "name"))} with {Table.Cell(recorded, "calls")} calls");
            return 0;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = new Argument<string>("workflow") { Description = "Name of the workflow." };
        var test = new Argument<string>("test") { Description = "Name of the test." };
        var command = new Command("delete", "Delete a test.") { name, test };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Delete($"/workflows/{await NamedResources.Id(client, "workflow", parsed.GetValue(name)!, cancel)}/tests/{Uri.EscapeDataString(parsed.GetValue(test)!)}", cancel);
            return 0;
        });
        return command;
    }
}
