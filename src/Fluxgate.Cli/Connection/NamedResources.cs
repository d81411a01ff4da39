using System.Text.Json.Nodes;
using Fluxgate.Client;

namespace Fluxgate.Cli.Connection;

/// <summary>People say names, the API says ids.</summary>
internal static class NamedResources
{
    /// <summary>
    /// The entry of the list at <paramref name="path"/> whose <paramref name="member"/> is <paramref name="name"/>, spaces around them
    /// apart; names are compared without regard to case, as the server does. Null: there is none.
    /// </summary>
    public static async Task<JsonObject?> Find(
        FluxgateClient client, string path, string member, string name, CancellationToken cancel, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        var wanted = name.Trim();
        await foreach (var resource in client.List(path, cancel))
            if (Table.Cell(resource, member).Trim().Equals(wanted, comparison))
                return resource;
        return null;
    }

    /// <summary>The id of the workflow, folder, connector or credential of that name, or the error that there is none.</summary>
    public static async Task<string> Id(FluxgateClient client, string kind, string name, CancellationToken cancel) =>
        await Find(client, $"/{kind}s", "name", name, cancel) is { } found
            ? Table.Cell(found, "id")
            : throw new CommandException($"{kind}.not_found", $"There is no {kind} named '{name}'.");
}
