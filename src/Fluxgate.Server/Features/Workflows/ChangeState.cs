using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Hooks;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>The steps of a workflow's life after it was published. Runs that have begun go on in every state.</summary>
internal static class ChangeState
{
    public static Task<Reply<WorkflowResponse>> Pause(
        OrganizationCaller caller, WorkflowId id, HttpContext context, WorkflowStore store, Database database, HookRoutes hooks, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        Change(caller, id, [WorkflowState.Published], WorkflowState.Paused, "paused", context, store, database, hooks, audit, clock, cancel);

    public static Task<Reply<WorkflowResponse>> Resume(
        OrganizationCaller caller, WorkflowId id, HttpContext context, WorkflowStore store, Database database, HookRoutes hooks, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        Change(caller, id, [WorkflowState.Paused], WorkflowState.Published, "resumed", context, store, database, hooks, audit, clock, cancel);

    public static Task<Reply<WorkflowResponse>> Archive(
        OrganizationCaller caller, WorkflowId id, HttpContext context, WorkflowStore store, Database database, HookRoutes hooks, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        Change(caller, id, [WorkflowState.Draft, WorkflowState.Published, WorkflowState.Paused], WorkflowState.Archived, "archived", context, store, database, hooks, audit, clock, cancel);

    private static async Task<Reply<WorkflowResponse>> Change(
        OrganizationCaller caller, WorkflowId id, WorkflowState[] from, WorkflowState to, string verb, HttpContext context,
        WorkflowStore store, Database database, HookRoutes hooks, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var changed = await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            if (await WorkflowStore.Lock(transaction, caller, id, cancel) is not { } row)
                return WorkflowErrors.NotFound;
            if (!from.Contains(row.State))
                return WorkflowErrors.WrongState(row.State, verb);
            await transaction.Execute($"""
                update workflows set state = {to}, revision = revision + 1, updated_at = {clock.GetUtcNow()} where organization_id = {caller.Organization} and id = {id}
                """, cancel);
            await ChangeTrigger(transaction, caller, id, to, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry($"workflow.{verb}", "update", caller.Actor, new AuditResource("workflow", id.Value, row.Name))
            {
                Before = new JsonObject { ["state"] = SnakeCase.From(row.State) },
                After = new JsonObject { ["state"] = SnakeCase.From(to) },
            }, cancel);
            return new Done();
        }, cancel);
        hooks.Forget();
        return changed.Error is { } error ? error : await GetWorkflow.Handle(caller, id, store, context, cancel);
    }

    private static async Task ChangeTrigger(Transaction transaction, OrganizationCaller caller, WorkflowId id, WorkflowState to, CancellationToken cancel)
    {
        switch (to)
        {
            case WorkflowState.Paused:
                await WorkflowSchedule.Pause(transaction, caller, id, cancel);
                await WorkflowPoll.Pause(transaction, caller, id, cancel);
                break;
            case WorkflowState.Published:
                await WorkflowSchedule.Resume(transaction, caller, id, cancel);
                await WorkflowPoll.Resume(transaction, caller, id, cancel);
                break;
            case WorkflowState.Archived:
                await WorkflowSchedule.Remove(transaction, caller, id, cancel);
                await WorkflowPoll.Remove(transaction, caller, id, cancel);
                await transaction.Execute($"delete from webhook_routes where organization_id = {caller.Organization} and workflow_id = {id}", cancel);
                break;
        }
    }
}
