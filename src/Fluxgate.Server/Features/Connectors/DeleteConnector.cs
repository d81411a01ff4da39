using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

internal static class DeleteConnector
{
    public static async Task<NoContent> Handle(Guid id, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt(transaction => Apply(transaction, id, caller, audit, cancel), cancel);

    private static async Task<Result<Done>> Apply(Transaction transaction, Guid id, OrganizationCaller caller, AuditLog audit, CancellationToken cancel)
    {
        var name = await transaction.QueryOptional<string>($"""
            delete from connectors where organization_id = {caller.Organization} and id = {id} returning name
            """, cancel);
        if (name is null)
            return ConnectorErrors.NotFound;
        await audit.Append(transaction, caller.Organization, new AuditEntry("connector.deleted", "delete", caller.Actor, new AuditResource("connector", id, name)), cancel);
        return default(Done);
    }
}
