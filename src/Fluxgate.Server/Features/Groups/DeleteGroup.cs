using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

internal static class DeleteGroup
{
    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await GroupRow.Lock(transaction, caller, id, cancel) is not { } group)
                return Error.NotFound("group");
            if (await RoleGranting.Refusal(transaction, caller, group.Roles, [], cancel) is { } refused)
                return refused;
            await transaction.Execute($"delete from groups where organization_id = {caller.Organization} and id = {id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("group.deleted", "delete", caller.Actor, new AuditResource("group", id, group.Name)), cancel);
            return default(Done);
        }, cancel);
}
