using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

internal static class ResetBreaker
{
    /// <summary>Closes the circuit breaker and forgets the failures: the service is known to work again.</summary>
    public static async Task<Reply<BreakerResponse>> Handle(Guid id, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Transact<Result<BreakerResponse>>(async transaction =>
        {
            var name = await transaction.QueryOptional<string>($"select name from connectors where organization_id = {caller.Organization} and id = {id}", cancel);
            if (name is null)
                return ConnectorErrors.NotFound;
            await transaction.Execute($"delete from connector_breakers where organization_id = {caller.Organization} and connector_id = {id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("connector.breaker_reset", "update", caller.Actor, new AuditResource("connector", id, name)), cancel);
            return new BreakerResponse(BreakerState.Closed, 0, null);
        }, cancel);
}
