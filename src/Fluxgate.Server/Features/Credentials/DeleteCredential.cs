using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

internal static class DeleteCredential
{
    public static async Task<NoContent> Handle(Guid id, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt(transaction => Apply(transaction, id, caller, audit, cancel), cancel);

    private static async Task<Result<Done>> Apply(Transaction transaction, Guid id, OrganizationCaller caller, AuditLog audit, CancellationToken cancel)
    {
        // The lock keeps a connector from beginning to use it between the look and the delete.
        var name = await transaction.QueryOptional<string>($"""
            select name from credentials where organization_id = {caller.Organization} and id = {id} for update
            """, cancel);
        if (name is null)
            return CredentialErrors.NotFound;
        if ((await transaction.Query<int>($"""
            select 1 from connectors where organization_id = {caller.Organization} and credential_id = {id} limit 1
            """, cancel)).Count > 0)
            return CredentialErrors.InUse;
        await transaction.Execute($"delete from credentials where organization_id = {caller.Organization} and id = {id}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("credential.deleted", "delete", caller.Actor, new AuditResource("credential", id, name)), cancel);
        return default(Done);
    }
}
