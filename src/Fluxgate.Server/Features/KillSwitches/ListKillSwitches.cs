using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.KillSwitches;

/// <summary>Something of the organization that is off; the workflow is there if it is one. Kind <c>organization</c> is the operator's.</summary>
public sealed record KillSwitch(SwitchKind Kind, WorkflowId? WorkflowId, string? WorkflowName, string Reason, string SetBy, DateTimeOffset SetAt);

/// <summary>All that is off; what is not listed is on. What the operator has switched off for everybody is not among it.</summary>
public sealed record KillSwitchesResponse(IReadOnlyList<KillSwitch> Off);

internal static class ListKillSwitches
{
    public static async Task<Reply<KillSwitchesResponse>> Handle(OrganizationCaller caller, Database database, CancellationToken cancel) =>
        new KillSwitchesResponse(await database.As(caller).Query<KillSwitch>($"""
            select k.kind, k.workflow_id, w.name as workflow_name, k.reason, k.set_by, k.set_at
            from kill_switches k left join workflows w on w.organization_id = k.organization_id and w.id = k.workflow_id
            where k.organization_id = {caller.Organization} and (k.workflow_id is null or {Reach.Workflows(caller, Permissions.OrganizationRead, Right.View)})
            order by k.kind, w.name, k.id
            """, cancel));
}
