using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Folders;

internal static class RenameFolder
{
    public static async Task<Reply<FolderResponse>> Handle(
        OrganizationCaller caller, Guid id, FolderRequest request, HttpContext context, Database database, AuditLog audit, CancellationToken cancel)
    {
        var revision = EntityTag.Required(context);
        if (revision.Error is { } missing)
            return missing;
        var name = request.Name.Trim();
        if (Folder.Fault(name) is { } invalid)
            return invalid;
        var renamed = await database.As(caller).Attempt(transaction => Apply(transaction, caller, id, name, revision.Value, audit, cancel), cancel);
        if (renamed.Succeeded)
            EntityTag.Show(context, renamed.Value.Revision);
        return renamed;
    }

    private static async Task<Result<FolderResponse>> Apply(
        Transaction transaction, OrganizationCaller caller, Guid id, string name, int revision, AuditLog audit, CancellationToken cancel)
    {
        var folder = await transaction.QueryOptional<FolderResponse>($"{Folder.Selection} where f.organization_id = {caller.Organization} and f.id = {id} for update of f", cancel);
        if (folder is null)
            return Folder.NotFound;
        if (folder.Revision != revision)
            return EntityTag.Stale;
        if (await transaction.QueryOne<bool>($"select exists (select from folders where organization_id = {caller.Organization} and name_norm = {name.ToLowerInvariant()} and id <> {id})", cancel))
            return Folder.NameTaken;
        await transaction.Execute($"""
            update folders set name = {name}, name_norm = {name.ToLowerInvariant()}, revision = revision + 1 where organization_id = {caller.Organization} and id = {id}
            """, cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("folder.renamed", "update", caller.Actor, new AuditResource("folder", id, name))
        {
            Before = new JsonObject { ["name"] = folder.Name },
            After = new JsonObject { ["name"] = name },
        }, cancel);
        return folder with { Name = name, Revision = revision + 1 };
    }
}
