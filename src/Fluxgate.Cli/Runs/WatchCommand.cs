using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Runs;

internal static class WatchCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid>("id") { Description = "The run's id." };
        var command = new Command("watch", "Print a run's timeline as it grows; exit 0 only if the run succeeds.") { id };
        command.Act(async (parsed, client, cancel) =>
        {
            var finished = await RunTimeline.Follow(client, parsed.GetValue(id).ToString(), entry => Console.WriteLine(RunTimeline.Line(entry)), cancel);
            Console.WriteLine(RunTimeline.Outcome(finished));
            return RunTimeline.Succeeded(finished) ? 0 : 1;
        });
        return command;
    }
}
