using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class CreateWorkflow
{
    public static async Task<Created<WorkflowResponse>> Handle(
        OrganizationCaller caller, WorkflowDocumentRequest request, WorkflowChecks checks, WorkflowStore store, Database database, AuditLog audit,
        TimeProvider clock, CancellationToken cancel)
    {
        var workflow = await checks.Check(caller, request, publishing: false, cancel);
        if (workflow.Error is { } invalid)
            return invalid;
        var created = await Insert(caller, request, workflow.Value.Name, "workflow.created", null, store, database, audit, clock, cancel);
        return created.Error is { } error ? error : Created<WorkflowResponse>.At(created.Value.Id, created.Value);
    }

    /// <summary>A new workflow with <paramref name="request"/> as its draft; also how a clone comes to be.</summary>
    internal static async Task<Result<WorkflowResponse>> Insert(
        OrganizationCaller caller, WorkflowDocumentRequest request, string name, string auditType, WorkflowId? origin,
        WorkflowStore store, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var id = new WorkflowId(Uuid.New(clock));
        var now = clock.GetUtcNow();
        var draft = await store.Seal(caller.Organization, id, request.Document, cancel);
        var inserted = await database.As(caller).Transact(async transaction =>
        {
            var rows = await transaction.Execute($"""
                insert into workflows (organization_id, id, name, name_norm, state, draft, draft_format, revision, created_by, created_at, updated_at)
                values ({caller.Organization}, {id}, {name}, {Workflow.NormaliseName(name)}, {WorkflowState.Draft}, {draft}, {request.Format}, 1, {caller.User}, {now}, {now})
                on conflict do nothing
                """, cancel);
            if (rows == 0)
                return false;
            await audit.Append(transaction, caller.Organization, new AuditEntry(auditType, "create", caller.Actor, new AuditResource("workflow", id.Value, name))
            {
                Details = origin is null ? null : new JsonObject { ["cloned_from"] = origin.ToString() },
            }, cancel);
            return true;
        }, cancel);
        return inserted
            ? new WorkflowResponse(id, name, WorkflowState.Draft, null, true, 1, now, now, null, null, request.Document, request.Format)
            : WorkflowErrors.NameTaken;
    }
}
