using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Folders;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

internal static class CreateWorkflow
{
    public static async Task<Created<WorkflowResponse>> Handle(
        OrganizationCaller caller, CreateWorkflowRequest request, WorkflowChecks checks, ResourceGate resources, WorkflowStore store, Database database, AuditLog audit,
        TimeProvider clock, CancellationToken cancel)
    {
        if (request.FolderId is { } folder && !await resources.Allows(caller, ResourceKind.Folder, Right.Edit, folder, cancel))
            return Folder.NotFound;
        var document = new WorkflowDocumentRequest(request.Document, request.Format);
        var workflow = await checks.Check(caller, document, publishing: false, cancel);
        if (workflow.Error is { } invalid)
            return invalid;
        var created = await Insert(caller, document, workflow.Value.Name, request.FolderId, "workflow.created", null, store, database, audit, clock, cancel);
        return created.Error is { } error ? error : Created<WorkflowResponse>.At(created.Value.Id, created.Value);
    }

    /// <summary>A new workflow with <paramref name="request"/> as its draft; also how a clone comes to be.</summary>
    internal static async Task<Result<WorkflowResponse>> Insert(
        OrganizationCaller caller, WorkflowDocumentRequest request, string name, Guid? folder, string auditType, WorkflowId? origin,
        WorkflowStore store, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var id = new WorkflowId(Uuid.New(clock));
        var now = clock.GetUtcNow();
        var draft = await store.Seal(caller.Organization, id, request.Document, cancel);
        var inserted = await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (folder is { } within && await transaction.QueryOptional<Guid?>($"select id from folders where organization_id = {caller.Organization} and id = {within} for key share", cancel) is null)
                return Folder.NotFound;
            var rows = await transaction.Execute($"""
                insert into workflows (organization_id, id, name, name_norm, folder_id, state, draft, draft_format, revision, created_by, created_at, updated_at)
                values ({caller.Organization}, {id}, {name}, {Workflow.NormaliseName(name)}, {folder}, {WorkflowState.Draft}, {draft}, {request.Format}, 1, {caller.User}, {now}, {now})
                on conflict do nothing
                """, cancel);
            if (rows == 0)
                return WorkflowErrors.NameTaken;
            await audit.Append(transaction, caller.Organization, new AuditEntry(auditType, "create", caller.Actor, new AuditResource("workflow", id.Value, name))
            {
                Details = origin is null ? null : new JsonObject { ["cloned_from"] = origin.ToString() },
            }, cancel);
            return default(Done);
        }, cancel);
        if (inserted.Error is { } refused)
            return refused;
        return new WorkflowResponse(id, name, WorkflowState.Draft, null, true, 1, now, now, null, folder, await store.Rights(caller, id, cancel), null, request.Document, request.Format);
    }
}
