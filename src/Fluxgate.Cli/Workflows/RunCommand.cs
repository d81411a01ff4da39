using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Runs;

namespace Fluxgate.Cli.Workflows;

internal static class RunCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the workflow." };
        var input = new Option<string?>("--input") { Description = "File with JSON that the workflow sees as trigger.body; - is standard input. Default: {}." };
        var wait = new Option<bool>("--wait") { Description = "Wait for the end and print the output; exit 0 only if the run succeeded." };
        var key = new Option<string?>("--key") { Description = "Idempotency key: the same key finds the same run. Default: a new one." };
        var command = new Command("run", "Start a run of a published workflow.") { name, input, wait, key };
        command.Act(async (parsed, client, cancel) =>
        {
            var body = parsed.GetValue(input) is { } file ? await JsonInput.Read(file, cancel) : new JsonObject();
            var id = await NamedResources.Id(client, "workflow", parsed.GetValue(name)!, cancel);
            var started = await client.Post(
                $"/workflows/{id}/runs", new JsonObject { ["input"] = body }, cancel, ("Idempotency-Key", parsed.GetValue(key) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
            var run = Table.Cell(started, "run_id");
            if (!parsed.GetValue(wait))
            {
                Console.WriteLine(run);
                return 0;
            }
            // Standard output is the run's output alone, for the next program.
            Console.Error.WriteLine(run);
            var finished = await RunTimeline.Follow(client, run, _ => { }, cancel);
            if (RunTimeline.Succeeded(finished))
                Table.PrintJson(finished["output"]);
            else
                Console.Error.WriteLine(RunTimeline.Outcome(finished));
            return RunTimeline.Succeeded(finished) ? 0 : 1;
        });
        return command;
    }
}
