using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

public sealed record WorkflowVersionResponse(int Version, string Document, DocumentFormat Format);

internal static class GetVersion
{
    public static async Task<Reply<WorkflowVersionResponse>> Handle(OrganizationCaller caller, WorkflowId id, int version, WorkflowStore store, CancellationToken cancel) =>
        await store.Version(caller.Organization, caller.User, id, version, cancel) is { } found
            ? new WorkflowVersionResponse(version, found.Text, found.Format)
            : Error.NotFound("workflow_version");
}
