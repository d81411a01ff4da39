using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Folders;

internal static class CreateFolder
{
    public static async Task<Created<FolderResponse>> Handle(
        OrganizationCaller caller, FolderRequest request, HttpContext context, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var name = request.Name.Trim();
        if (Folder.Fault(name) is { } invalid)
            return invalid;
        var folder = new FolderResponse(Uuid.New(clock), name, false, 1, clock.GetUtcNow());
        var created = await database.As(caller).Transact(async transaction =>
        {
            if (await transaction.Execute($"""
                insert into folders (organization_id, id, name, name_norm, revision, created_at)
                values ({caller.Organization}, {folder.Id}, {name}, {name.ToLowerInvariant()}, 1, {folder.CreatedAt})
                on conflict do nothing
                """, cancel) == 0)
                return false;
            await audit.Append(transaction, caller.Organization, new AuditEntry("folder.created", "create", caller.Actor, new AuditResource("folder", folder.Id, name)), cancel);
            return true;
        }, cancel);
        if (!created)
            return Folder.NameTaken;
        EntityTag.Show(context, folder.Revision);
        return Created<FolderResponse>.At(folder.Id, folder);
    }
}
