using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.KillSwitches;

internal static class KillSwitchEndpoints
{
    public static void MapKillSwitches(this IEndpointRouteBuilder routes)
    {
        var switches = routes.MapGroup("/v1/kill-switches").WithTags("settings");
        switches.MapGet("", ListKillSwitches.Handle).WithName("list_kill_switches").Needs(Permissions.OrganizationRead);
        switches.MapPut("/api", SetKillSwitch.OfApi).WithName("set_api_kill_switch").Needs(Permissions.OrganizationWrite);
        switches.MapPut("/hooks", SetKillSwitch.OfHooks).WithName("set_hooks_kill_switch").Needs(Permissions.OrganizationWrite);
        routes.MapPut("/v1/workflows/{id}/kill-switch", SetKillSwitch.OfWorkflow).WithName("set_workflow_kill_switch").WithTags("settings")
            .Needs(Permissions.OrganizationWrite).On(ResourceKind.Workflow, Right.Edit);
    }
}
