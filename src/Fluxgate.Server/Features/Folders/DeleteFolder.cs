using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Folders;

internal static class DeleteFolder
{
    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt<Done>(async transaction =>
        {
            var name = await transaction.QueryOptional<string>($"select name from folders where organization_id = {caller.Organization} and id = {id} for update", cancel);
            if (name is null)
                return Folder.NotFound;
            if (await transaction.QueryOne<bool>($"select exists (select from workflows where organization_id = {caller.Organization} and folder_id = {id})", cancel))
                return Folder.NotEmpty;
            await transaction.Execute($"delete from folders where organization_id = {caller.Organization} and id = {id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("folder.deleted", "delete", caller.Actor, new AuditResource("folder", id, name)), cancel);
            return default(Done);
        }, cancel);
}
