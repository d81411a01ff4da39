using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Connectors;

internal static class ResetBreakerCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the connector." };
        var command = new Command("reset-breaker", "Let calls through again: the service is known to work.") { name };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Post($"/connectors/{await NamedResources.Id(client, "connector", parsed.GetValue(name)!, cancel)}/breaker/reset", null, cancel);
            return 0;
        });
        return command;
    }
}
