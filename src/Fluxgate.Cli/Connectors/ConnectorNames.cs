using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Connectors;

internal static class ConnectorNames
{
    public static async Task<string> IdOf(FluxgateClient client, string name, CancellationToken cancel)
    {
        await foreach (var connector in client.List("/connectors", cancel))
            if (Table.Cell(connector, "name") == name)
                return Table.Cell(connector, "id");
        throw new CommandException("connector.not_found", $"There is no connector named '{name}'.");
    }
}
