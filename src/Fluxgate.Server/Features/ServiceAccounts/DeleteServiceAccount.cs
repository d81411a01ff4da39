using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ServiceAccounts;

internal static class DeleteServiceAccount
{
    /// <summary>With all of its keys and grants.</summary>
    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt<Done>(async transaction =>
        {
            var name = await transaction.QueryOptional<string>($"select name from service_accounts where organization_id = {caller.Organization} and id = {id} for update", cancel);
            if (name is null)
                return ServiceAccountRow.NotFound;
            var prefixes = await transaction.Query<string>($"select prefix from api_keys where organization_id = {caller.Organization} and service_account_id = {id} order by id", cancel);
            await transaction.Execute($"delete from service_accounts where organization_id = {caller.Organization} and id = {id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("service_account.deleted", "delete", caller.Actor, new AuditResource("service_account", id, name))
            {
                Details = JsonConventions.Object(new { key_prefixes = prefixes }),
            }, cancel);
            return default(Done);
        }, cancel);
}
