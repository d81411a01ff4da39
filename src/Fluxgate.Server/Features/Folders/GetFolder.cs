using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Folders;

internal static class GetFolder
{
    public static async Task<Reply<FolderResponse>> Handle(OrganizationCaller caller, Guid id, HttpContext context, Database database, CancellationToken cancel)
    {
        var folder = await database.As(caller).QueryOptional<FolderResponse>($"{Folder.Selection} where f.organization_id = {caller.Organization} and f.id = {id}", cancel);
        if (folder is null)
            return Folder.NotFound;
        EntityTag.Show(context, folder.Revision);
        return folder;
    }
}
