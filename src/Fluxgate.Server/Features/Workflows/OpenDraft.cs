using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class OpenDraft
{
    /// <summary>Begins a draft from the published version, which runs on meanwhile.</summary>
    public static async Task<Reply<WorkflowResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, HttpContext context, WorkflowStore store, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var opened = await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            if (await WorkflowStore.Lock(transaction, caller, id, cancel) is not { } row)
                return WorkflowErrors.NotFound;
            if (row.State == WorkflowState.Archived)
                return WorkflowErrors.WrongState(row.State, "edited");
            if (row.Draft is not null)
                return WorkflowErrors.HasDraft;
            await transaction.Execute($"""
                update workflows w
                set draft = v.document, draft_format = v.document_format, revision = w.revision + 1, updated_at = {clock.GetUtcNow()}
                from workflow_versions v
                where w.organization_id = {caller.Organization} and w.id = {id}
                  and v.organization_id = w.organization_id and v.workflow_id = w.id and v.version = w.published_version
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("workflow.draft_opened", "update", caller.Actor, new AuditResource("workflow", id.Value, row.Name)), cancel);
            return new Done();
        }, cancel);
        return opened.Error is { } error ? error : await GetWorkflow.Handle(caller, id, store, context, cancel);
    }
}
