using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Features.Hooks;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class PublishWorkflow
{
    /// <summary>The draft becomes the next version and the one that triggers start.</summary>
    public static async Task<Reply<WorkflowResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, HttpContext context, WorkflowChecks checks, WorkflowStore store, SwitchBoard switches, Database database, HookRoutes hooks, AuditLog audit,
        TimeProvider clock, CancellationToken cancel)
    {
        if (await store.Find(caller, id, cancel) is not { } found)
            return WorkflowErrors.NotFound;
        if (found.State == WorkflowState.Archived)
            return WorkflowErrors.WrongState(found.State, "published");
        if (found.Draft is null)
            return WorkflowErrors.NothingToPublish;
        var (text, format) = await store.Current(caller, found, cancel);
        var workflow = await checks.Check(caller, new WorkflowDocumentRequest(text, format), publishing: true, cancel);
        if (workflow.Error is { } invalid)
            return invalid;
        if ((await switches.Get(cancel)).Refusal(workflow.Value) is { } off)
            return off;

        var published = await database.As(caller).Transact(transaction => Publish(transaction, caller, found, workflow.Value, text, audit, clock, cancel), cancel);
        hooks.Forget();
        return published.Error is { } error ? error : await GetWorkflow.Handle(caller, id, store, context, cancel);
    }

    private static async Task<Result<Done>> Publish(
        Transaction transaction, OrganizationCaller caller, WorkflowStore.WorkflowRow checkedRow, Workflow workflow, string text, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var id = checkedRow.Id;
        var row = await WorkflowStore.Lock(transaction, caller, id, cancel);
        // What is published is what was checked.
        if (row is null || row.Revision != checkedRow.Revision)
            return WorkflowErrors.Stale;
        if (await SaveDraft.NameTaken(transaction, caller, id, workflow.Name, cancel))
            return WorkflowErrors.NameTaken;
        // The route is the only thing that can still be refused, so it comes before what would have to be taken back.
        await transaction.Execute($"delete from webhook_routes where organization_id = {caller.Organization} and workflow_id = {id}", cancel);
        if (workflow.Trigger.Type == TriggerType.Webhook && !await AddRoute(transaction, caller, id, workflow.Trigger, cancel))
            return WorkflowErrors.PathTaken;
        var version = (row.PublishedVersion ?? 0) + 1;
        var now = clock.GetUtcNow();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        await transaction.Execute($"""
            insert into workflow_versions (organization_id, workflow_id, version, document, document_format, sha256, published_by, published_at)
            values ({caller.Organization}, {id}, {version}, {row.Draft}, {row.DraftFormat}, {hash}, {caller.User}, {now})
            """, cancel);
        await transaction.Execute($"""
            update workflows
            set name = {workflow.Name}, name_norm = {Workflow.NormaliseName(workflow.Name)}, state = {WorkflowState.Published}, published_version = {version},
                draft = null, draft_format = null, revision = revision + 1, updated_at = {now}
            where organization_id = {caller.Organization} and id = {id}
            """, cancel);
        await WorkflowSchedule.Publish(transaction, caller, id, workflow.Trigger, now, cancel);
        await WorkflowPoll.Publish(transaction, caller, id, workflow.Trigger, now, cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("workflow.published", "update", caller.Actor, new AuditResource("workflow", id.Value, workflow.Name))
        {
            Details = new JsonObject { ["version"] = version, ["sha256"] = Convert.ToHexStringLower(hash) },
        }, cancel);
        return new Done();
    }

    private static async Task<bool> AddRoute(Transaction transaction, OrganizationCaller caller, WorkflowId id, Trigger trigger, CancellationToken cancel)
    {
        trigger.Settings.TryGetMember("path", out var path);
        var method = trigger.Settings.TryGetMember("method", out var named) ? named.AsString : "POST";
        return await transaction.Execute($"""
            insert into webhook_routes (organization_id, path, method, workflow_id) values ({caller.Organization}, {path.AsString}, {method}, {id})
            on conflict do nothing
            """, cancel) == 1;
    }
}
