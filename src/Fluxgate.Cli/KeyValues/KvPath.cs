using System.CommandLine;
using Fluxgate.Cli.Workflows;
using Fluxgate.Client;

namespace Fluxgate.Cli.KeyValues;

/// <summary>What every command of the store has: whose entries, and which.</summary>
internal static class KvPath
{
    public static Argument<string> Key() => new("key") { Description = "Name of the entry. What begins with secret: is written and used, never shown." };

    public static Option<string?> Workflow() => new("--workflow") { Description = "Name of the workflow whose entry it is; without it it is the organization's." };

    public static Option<long?> Version() => new("--if-version") { Description = "Only if the entry still has this version." };

    public static Option<long?> TimeToLive() => new("--ttl") { Description = "Seconds after which it is gone." };

    /// <summary>The path of a scope, or of an entry in it.</summary>
    public static async Task<string> Of(FluxgateClient client, string? workflow, string? key, CancellationToken cancel)
    {
        var scope = workflow is null ? "organization" : $"workflow:{await WorkflowNames.Id(client, workflow, cancel)}";
        return key is null ? $"/kv/{scope}" : $"/kv/{scope}/{Uri.EscapeDataString(key)}";
    }

    /// <summary>The header that names the version.</summary>
    public static (string, string)[] IfMatch(long? version) => version is null ? [] : [("If-Match", $"\"{version}\"")];
}
