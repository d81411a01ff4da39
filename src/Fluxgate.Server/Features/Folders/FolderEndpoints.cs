using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Folders;

internal static class FolderEndpoints
{
    public static void MapFolders(this IEndpointRouteBuilder routes)
    {
        var folders = routes.MapGroup("/v1/folders").WithTags("workflows");
        folders.MapGet("", ListFolders.Handle).WithName("list_folders").Needs(Permissions.WorkflowsRead).Filtered(ResourceKind.Folder);
        folders.MapPost("", CreateFolder.Handle).WithName("create_folder").Needs(Permissions.WorkflowsWrite);
        folders.MapGet("/{id:guid}", GetFolder.Handle).WithName("get_folder").Needs(Permissions.WorkflowsRead).On(ResourceKind.Folder, Right.View);
        folders.MapPut("/{id:guid}", RenameFolder.Handle).WithName("rename_folder").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Folder, Right.Edit);
        folders.MapDelete("/{id:guid}", DeleteFolder.Handle).WithName("delete_folder").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Folder, Right.Edit);
        routes.MapPut("/v1/workflows/{id}/folder", MoveWorkflow.Handle).WithName("move_workflow").WithTags("workflows")
            .Needs(Permissions.WorkflowsWrite).On(ResourceKind.Workflow, Right.Edit);
    }
}
