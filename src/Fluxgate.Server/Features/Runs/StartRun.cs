using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

internal static class StartRun
{
    /// <summary>Starts the published version by hand or by a program.</summary>
    public static async Task<Accepted<StartRunResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, StartRunRequest request, HttpContext context, WorkflowStore workflows, WorkflowCatalog catalog, RunHost runs,
        CancellationToken cancel)
    {
        if (await workflows.Find(caller, id, cancel) is not { } row)
            return WorkflowErrors.NotFound;
        if (row.State != WorkflowState.Published)
            return Error.Conflict("workflow.not_published", $"The workflow is {SnakeCase.From(row.State)}; only a published one starts runs.");
        var version = row.PublishedVersion!.Value;
        var workflow = await catalog.Get(caller.Organization, id, version, cancel);
        if (workflow.Error is { } unreadable)
            return unreadable;
        var trigger = workflow.Value.Trigger;
        if (trigger.Type != TriggerType.Manual && trigger.Type != TriggerType.Api)
            return Error.Refused("workflow.other_trigger", $"This workflow is started by its {trigger.Type.Name} trigger.");
        var scope = caller.ApiKey?.ToString("N") ?? caller.User?.Value.ToString("N") ?? "";
        return await new RequestedRun(caller.Organization, id, row.Name, version, trigger, scope, caller.Actor).Start(request, context, runs, cancel);
    }
}
