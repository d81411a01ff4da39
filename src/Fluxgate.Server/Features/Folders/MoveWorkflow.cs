using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Folders;

/// <summary>Where the workflow is to lie; null for no folder.</summary>
public sealed record MoveWorkflowRequest(Guid? FolderId);

internal static class MoveWorkflow
{
    private static readonly Error ChangesAccess = new(
        "folder.changes_access", ErrorKind.Forbidden, "One of the folders has grants or is kept to some, so that moving changes who reaches the workflow; that needs the permission grants:write.");

    /// <summary>Needs to edit the folder that it goes to; leaving or entering one that says who reaches it also takes <c>grants:write</c>.</summary>
    public static async Task<NoContent> Handle(
        OrganizationCaller caller, WorkflowId id, MoveWorkflowRequest request, ResourceGate resources, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (request.FolderId is { } target && !await resources.Allows(caller, ResourceKind.Folder, Right.Edit, target, cancel))
            return Folder.NotFound;
        return await database.As(caller).Attempt(transaction => Apply(transaction, caller, id, request.FolderId, audit, clock.GetUtcNow(), cancel), cancel);
    }

    private sealed record PlaceRow(string Name, Guid? FolderId);

    private static async Task<Result<Done>> Apply(
        Transaction transaction, OrganizationCaller caller, WorkflowId id, Guid? target, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        var row = await transaction.QueryOptional<PlaceRow>($"select name, folder_id from workflows where organization_id = {caller.Organization} and id = {id} for update", cancel);
        if (row is null)
            return WorkflowErrors.NotFound;
        if (row.FolderId == target)
            return default(Done);
        // Shared locks: a folder is not deleted, and its access not changed, under a move that was allowed for how it was.
        var folders = ((Guid?[])[row.FolderId, target]).OfType<Guid>().ToArray();
        var found = await transaction.Query<Guid>($"select id from folders where organization_id = {caller.Organization} and id = any ({folders}) order by id for share", cancel);
        if (target is { } wanted && !found.Contains(wanted))
            return Folder.NotFound;
        if (!caller.May(Permissions.GrantsWrite) && await transaction.QueryOne<bool>($"""
            select exists (select from restrictions where organization_id = {caller.Organization} and resource_id = any ({folders}))
                or exists (select from grants where organization_id = {caller.Organization} and resource_id = any ({folders}))
            """, cancel))
            return ChangesAccess;
        await transaction.Execute($"update workflows set folder_id = {target}, updated_at = {now} where organization_id = {caller.Organization} and id = {id}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("workflow.moved", "update", caller.Actor, new AuditResource("workflow", id.Value, row.Name))
        {
            Before = new JsonObject { ["folder_id"] = row.FolderId?.ToString() },
            After = new JsonObject { ["folder_id"] = target?.ToString() },
        }, cancel);
        return default(Done);
    }
}
