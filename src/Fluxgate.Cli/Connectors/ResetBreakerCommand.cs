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
            await foreach (var connector in client.List("/connectors", cancel))
                if (connector["name"]!.GetValue<string>() == parsed.GetValue(name))
                {
                    await client.Post($"/connectors/{Table.Cell(connector, "id")}/breaker/reset", null, cancel);
                    return 0;
                }
            throw new CommandException("connector.not_found", $"There is no connector named '{parsed.GetValue(name)}'.");
        });
        return command;
    }
}
