using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Runs;

internal static class SignalCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid>("id") { Description = "The run's id." };
        var name = new Argument<string>("name") { Description = "Name of the signal, as the wait node has it." };
        var data = new Option<string?>("--data") { Description = "File with JSON that the step gives as its data; - is standard input. Default: null." };
        var command = new Command("signal", "Send a signal to a run that waits for it, or will.") { id, name, data };
        command.Act(async (parsed, client, cancel) =>
        {
            var brought = parsed.GetValue(data) is { } file ? await JsonInput.Read(file, cancel) : null;
            await client.Post($"/runs/{parsed.GetValue(id)}/signals", new JsonObject { ["name"] = parsed.GetValue(name), ["data"] = brought }, cancel);
            return 0;
        });
        return command;
    }
}
