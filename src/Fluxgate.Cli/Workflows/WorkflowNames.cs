using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Workflows;

/// <summary>People say a workflow's name, the API its id.</summary>
internal static class WorkflowNames
{
    /// <summary>The workflow as it is listed; names are compared as the server does, without regard to case and spaces around them. Null: there is none.</summary>
    public static async Task<JsonObject?> Find(FluxgateClient client, string name, CancellationToken cancel)
    {
        var wanted = name.Trim();
        await foreach (var workflow in client.List("/workflows", cancel))
            if (workflow["name"]!.GetValue<string>().Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return workflow;
        return null;
    }

    /// <summary>Its id, or the error that there is none.</summary>
    public static async Task<string> Id(FluxgateClient client, string name, CancellationToken cancel) =>
        (await Find(client, name, cancel))?["id"]!.GetValue<string>() ?? throw new CommandException("workflow.not_found", $"There is no workflow named '{name}'.");
}
