using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Folders;
using Fluxgate.Cli.Workflows;
using Fluxgate.Client;

namespace Fluxgate.Cli.Retention;

internal static class RetentionPath
{
    public static async Task<string> Of(FluxgateClient client, string? workflow, string? folder, CancellationToken cancel) => (workflow, folder) switch
    {
        (not null, not null) => throw new CommandException("retention.place", "A policy is a workflow's or a folder's."),
        (not null, _) => $"/workflows/{await NamedResources.Id(client, "workflow", workflow, cancel)}/retention",
        (_, not null) => $"/folders/{await NamedResources.Id(client, "folder", folder, cancel)}/retention",
        _ => "/settings/retention",
    };
}
