using Fluxgate.Cli.Workflows;
using Fluxgate.Client;

namespace Fluxgate.Cli.Retention;

internal static class RetentionPath
{
    public static async Task<string> Of(FluxgateClient client, string? workflow, CancellationToken cancel) =>
        workflow is null ? "/settings/retention" : $"/workflows/{await WorkflowNames.Id(client, workflow, cancel)}/retention";
}
