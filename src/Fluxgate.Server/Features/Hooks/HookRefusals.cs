using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Hooks;

/// <summary>
/// Records refused senders; the same network refused for the same reason is one event a minute, since anybody can send.
/// The next event tells how many there were since the one before.
/// </summary>
internal sealed class HookRefusals(Database database, AuditLog audit, TimeProvider clock)
{
    private readonly OnceAMinute<(WorkflowId, string?, string)> recent = new(clock);

    public async Task Record(HttpContext context, OrganizationId organization, WorkflowId workflow, string workflowName, Error denied, CancellationToken cancel)
    {
        var network = context.Connection.RemoteIpAddress?.ToString();
        if (!recent.IsNew((workflow, network, denied.Message), out var again))
            return;
        var actor = new Actor(ActorKind.Anonymous, null, "webhook sender") { Network = network };
        await database.Tenant(organization, null).Transact(transaction => audit.Append(
            transaction, organization,
            new AuditEntry("webhook.refused", "deny", actor, new AuditResource("workflow", workflow.Value, workflowName))
            {
                Result = "denied",
                Details = new JsonObject { ["reason"] = denied.Message, ["more_since_last"] = again },
            }, cancel), cancel);
    }
}
