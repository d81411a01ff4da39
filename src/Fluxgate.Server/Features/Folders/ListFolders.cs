using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Folders;

internal static class ListFolders
{
    /// <summary>In the order in which they were made.</summary>
    public static async Task<Reply<Page<FolderResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<FolderResponse>($"""
            {Folder.Selection}
            where f.organization_id = {caller.Organization} and {Reach.Folders(caller, Permissions.WorkflowsRead, Right.View, Right.Edit, Right.Run)} and f.id > {page.After}
            order by f.id
            limit {page.Limit + 1}
            """, cancel);
        return Page<FolderResponse>.Of(rows, page.Limit, f => f.Id);
    }
}
