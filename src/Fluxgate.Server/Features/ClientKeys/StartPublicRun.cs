using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Features.Runs;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.ClientKeys;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class StartPublicRun
{
    private sealed record WorkflowRow(string Name, WorkflowState State, int? PublishedVersion);

    /// <summary>
    /// Starts the published version for a page that shows a client key. To a page, a workflow that is not marked public does
    /// not exist.
    /// </summary>
    public static async Task<Accepted<StartRunResponse>> Handle(
        WorkflowId id, StartRunRequest request, HttpContext context, ClientKeyAuthentication keys, SwitchGate switches, RateLimiter limiter, Database database, WorkflowCatalog catalog, RunHost runs,
        CancellationToken cancel)
    {
        var caller = await keys.Authenticate(context);
        if (caller.Error is { } refused)
            return await limiter.ChargeAddress(context, 1) ?? refused;
        var page = caller.Value;
        if (await switches.Refusal(Entrance.Api, page.Organization, cancel) is { } off)
            return off;
        if (await limiter.ChargePage(context, page) is { } over)
            return over;
        var row = await database.Engine(page.Organization).QueryOptional<WorkflowRow>($"select name, state, published_version from workflows where organization_id = {page.Organization} and id = {id}", cancel);
        if (row is not { State: WorkflowState.Published, PublishedVersion: { } version })
            return WorkflowErrors.NotFound;
        var workflow = await catalog.Get(page.Organization, id, version, cancel);
        if (workflow.Error is { } unreadable)
            return unreadable;
        if (!workflow.Value.Trigger.IsPublic)
            return WorkflowErrors.NotFound;
        return await new RequestedRun(page.Organization, id, row.Name, version, workflow.Value.Trigger, page.Key.ToString("N"), page.Actor).Start(request, context, runs, cancel);
    }
}
