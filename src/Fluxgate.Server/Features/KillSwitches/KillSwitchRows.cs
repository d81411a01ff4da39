using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Switches;

namespace Fluxgate.Server.Features.KillSwitches;

internal sealed record SwitchChange(OrganizationId Organization, SwitchKind Kind, WorkflowId? Workflow, bool Off, string Reason);

/// <summary>The switches of organizations, as those who are in them and the operator change them; every server knows a change within a second.</summary>
internal sealed class KillSwitchRows(AuditLog audit, TimeProvider clock)
{
    public async Task Set(Transaction transaction, SwitchChange change, Actor actor, AuditResource resource, CancellationToken cancel)
    {
        // Two who change it at once pass one after the other: neither may find that the other's row is in the way.
        string turn = $"kill switch {change.Organization}";
        await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended({turn}, 0))", cancel);
        var was = await transaction.Execute($"""
            delete from kill_switches where organization_id = {change.Organization} and kind = {change.Kind} and workflow_id is not distinct from {change.Workflow}
            """, cancel) > 0;
        if (change.Off)
            await transaction.Execute($"""
                insert into kill_switches (organization_id, id, kind, workflow_id, reason, set_by, set_at)
                values ({change.Organization}, {Uuid.New(clock)}, {change.Kind}, {change.Workflow}, {change.Reason}, {actor.Label}, {clock.GetUtcNow()})
                """, cancel);
        else if (!was)
            return;
        await audit.Append(transaction, change.Organization, new AuditEntry(change.Off ? "kill_switch.set" : "kill_switch.lifted", "update", actor, resource)
        {
            Details = new JsonObject { ["switch"] = SnakeCase.From(change.Kind), ["reason"] = change.Reason },
        }, cancel);
    }
}
