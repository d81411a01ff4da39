using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.ApiKeys;

internal static class ApiKeysCommand
{
    public static Command Create() => new("api-keys", "Keys of programs.")
    {
        ListCommand.Create(),
        CreateCommand.Create(),
        RotateCommand.Create(),
        StateCommands.Revoke(),
        StateCommands.Suspend(),
        StateCommands.Restore(),
        ReportLeakCommand.Create(),
        SigningCommand.Create(),
    };

    public static Argument<string> Prefix() => new("prefix") { Description = "The first 12 characters of the key." };

    public static async Task<string> Id(FluxgateClient client, string prefix, CancellationToken cancel) =>
        await Find(client, prefix, cancel) is { } key ? Table.Cell(key, "id") : throw new CommandException("api_key.not_found", $"There is no key that begins with '{prefix}'.");

    /// <summary>Prefixes that differ in case are of different keys.</summary>
    public static Task<JsonObject?> Find(FluxgateClient client, string prefix, CancellationToken cancel) =>
        NamedResources.Find(client, "/api-keys", "prefix", prefix, cancel, StringComparison.Ordinal);
}
