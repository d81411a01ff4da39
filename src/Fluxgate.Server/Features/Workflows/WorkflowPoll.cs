using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Polls;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>A workflow's row in <c>polls</c>, kept in the transaction that changes the workflow's state.</summary>
internal static class WorkflowPoll
{
    /// <summary>The same source goes on where it was; another begins anew. Either way it is looked into at once.</summary>
    public static async Task Publish(Transaction transaction, OrganizationCaller caller, WorkflowId id, Trigger trigger, DateTimeOffset now, CancellationToken cancel)
    {
        if (!PollTrigger.IsPolled(trigger))
        {
            await Remove(transaction, caller, id, cancel);
            return;
        }
        await transaction.Execute($"""
            insert into polls (organization_id, workflow_id, source, due_at, next_at) values ({caller.Organization}, {id}, {PollTrigger.Source(trigger)}, {now}, {now})
            on conflict (organization_id, workflow_id) do update
            set state = case when polls.source = excluded.source then polls.state end, source = excluded.source, due_at = excluded.due_at, next_at = excluded.next_at,
                failures = 0, error_code = null, error_message = null
            """, cancel);
    }

    public static Task Pause(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.Execute($"update polls set due_at = 'infinity' where organization_id = {caller.Organization} and workflow_id = {id}", cancel);

    /// <summary>What came meanwhile is still new.</summary>
    public static Task Resume(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.Execute($"update polls set due_at = next_at where organization_id = {caller.Organization} and workflow_id = {id}", cancel);

    public static Task Remove(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.Execute($"delete from polls where organization_id = {caller.Organization} and workflow_id = {id}", cancel);
}
