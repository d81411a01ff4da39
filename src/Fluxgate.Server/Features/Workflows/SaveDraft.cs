using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class SaveDraft
{
    /// <summary>Replaces the draft; <c>If-Match</c> names the revision that was edited.</summary>
    public static async Task<Reply<WorkflowResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, WorkflowDocumentRequest request, HttpContext context, WorkflowChecks checks, WorkflowStore store,
        Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var expected = EntityTag.Required(context);
        if (expected.Error is { } missing)
            return missing;
        if (await store.Find(caller, id, cancel) is null)
            return WorkflowErrors.NotFound;
        var workflow = await checks.Check(caller, request, publishing: false, cancel);
        if (workflow.Error is { } invalid)
            return invalid;
        var draft = await store.Seal(caller.Organization, id, request.Document, cancel);
        var name = workflow.Value.Name;
        var saved = await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            if (await WorkflowStore.Lock(transaction, caller, id, cancel) is not { } row)
                return WorkflowErrors.NotFound;
            if (row.Revision != expected.Value)
                return WorkflowErrors.Stale;
            // One that was archived before it was ever published still holds its draft.
            if (row.State == WorkflowState.Archived)
                return WorkflowErrors.WrongState(row.State, "edited");
            if (row.Draft is null)
                return WorkflowErrors.NotADraft;
            // A published workflow keeps its name until the draft is published.
            var newName = row.PublishedVersion is null ? name : row.Name;
            if (await NameTaken(transaction, caller, id, newName, cancel))
                return WorkflowErrors.NameTaken;
            await transaction.Execute($"""
                update workflows
                set name = {newName}, name_norm = {Workflow.NormaliseName(newName)}, draft = {draft}, draft_format = {request.Format},
                    revision = revision + 1, updated_at = {clock.GetUtcNow()}
                where organization_id = {caller.Organization} and id = {id}
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("workflow.draft_saved", "update", caller.Actor, new AuditResource("workflow", id.Value, newName)), cancel);
            return new Done();
        }, cancel);
        return saved.Error is { } error ? error : await GetWorkflow.Handle(caller, id, store, context, cancel);
    }

    internal static Task<bool> NameTaken(Transaction transaction, OrganizationCaller caller, WorkflowId id, string name, CancellationToken cancel) =>
        transaction.QueryOne<bool>($"""
            select exists (select from workflows where organization_id = {caller.Organization} and name_norm = {Workflow.NormaliseName(name)} and id <> {id} and state <> 'archived')
            """, cancel);
}
