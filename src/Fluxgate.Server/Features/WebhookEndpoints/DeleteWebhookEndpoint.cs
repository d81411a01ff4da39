using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WebhookEndpoints;

internal static class DeleteWebhookEndpoint
{
    /// <summary>Its pending deliveries are dropped; what was sent stays listed nowhere but in the audit.</summary>
    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            var name = await transaction.QueryOptional<string>($"delete from webhook_endpoints where organization_id = {caller.Organization} and id = {id} returning name", cancel);
            if (name is null)
                return Error.NotFound("webhook_endpoint");
            await audit.Append(transaction, caller.Organization, new AuditEntry("webhook_endpoint.deleted", "delete", caller.Actor, new AuditResource("webhook_endpoint", id, name)), cancel);
            return new Done();
        }, cancel);
}
