using System.CommandLine;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Folders;
using Fluxgate.Cli.Workflows;
using Fluxgate.Client;

namespace Fluxgate.Cli.KeyValues;

/// <summary>What every command of the store has: whose entries, and which.</summary>
internal static class KvPath
{
    public static Argument<string> Key() => new("key") { Description = "Name of the entry. What begins with secret: is written and used, never shown." };

    /// <summary>Whose entry it is.</summary>
    public sealed class PlaceOptions
    {
        public Option<string?> Workflow { get; } = new("--workflow") { Description = "Name of the workflow whose entry it is." };

        public Option<string?> Folder { get; } = new("--folder") { Description = "Name of the folder whose entry it is. Without a workflow and a folder it is the organization's." };

        public void AddTo(Command command)
        {
            command.Add(Workflow);
            command.Add(Folder);
            command.Validators.Add(result =>
            {
                if (result.GetValue(Workflow) is not null && result.GetValue(Folder) is not null)
                    result.AddError("An entry is a workflow's or a folder's.");
            });
        }
    }

    public static Option<long?> Version() => new("--if-version") { Description = "Only if the entry still has this version." };

    public static Option<long?> TimeToLive() => new("--ttl") { Description = "Seconds after which it is gone." };

    /// <summary>The path of a scope, or of an entry in it.</summary>
    public static async Task<string> Of(FluxgateClient client, ParseResult parsed, PlaceOptions place, string? key, CancellationToken cancel)
    {
        var scope = parsed.GetValue(place.Workflow) is { } workflow ? $"workflow:{await NamedResources.Id(client, "workflow", workflow, cancel)}"
            : parsed.GetValue(place.Folder) is { } folder ? $"folder:{await NamedResources.Id(client, "folder", folder, cancel)}"
            : "organization";
        return key is null ? $"/kv/{scope}" : $"/kv/{scope}/{Uri.EscapeDataString(key)}";
    }

    /// <summary>The header that names the version.</summary>
    public static (string, string)[] IfMatch(long? version) => version is null ? [] : [("If-Match", $"\"{version}\"")];
}
