using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

internal static class DeleteGroup
{
    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            var name = await transaction.QueryOptional<string>($"delete from groups where organization_id = {caller.Organization} and id = {id} returning name", cancel);
            if (name is null)
                return Error.NotFound("group");
            await audit.Append(transaction, caller.Organization, new AuditEntry("group.deleted", "delete", caller.Actor, new AuditResource("group", id, name)), cancel);
            return new Done();
        }, cancel);
}
