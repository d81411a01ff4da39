using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class GetWorkflow
{
    public static async Task<Reply<WorkflowResponse>> Handle(OrganizationCaller caller, WorkflowId id, WorkflowStore store, HttpContext context, CancellationToken cancel)
    {
        if (await store.Find(caller, id, cancel) is not { } row)
            return WorkflowErrors.NotFound;
        EntityTag.Show(context, row.Revision);
        return await store.Respond(caller, row, cancel);
    }
}
