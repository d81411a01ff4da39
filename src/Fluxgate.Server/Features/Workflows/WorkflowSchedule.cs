using Fluxgate.Core.Kernel;
using Fluxgate.Core.Schedules;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>A workflow's row in <c>schedules</c>, kept in the transaction that changes the workflow's state.</summary>
internal static class WorkflowSchedule
{
    /// <summary>The schedule of the version that is published now. It begins now: what an earlier one has missed is over.</summary>
    public static async Task Publish(Transaction transaction, OrganizationCaller caller, WorkflowId id, Trigger trigger, DateTimeOffset now, CancellationToken cancel)
    {
        if (trigger.Type != TriggerType.Schedule)
        {
            await Remove(transaction, caller, id, cancel);
            return;
        }
        var next = Schedule.Of(trigger).Next(now);
        // The last run stays: a run of the version before may still be there to overlap with.
        await transaction.Execute($"""
            insert into schedules (organization_id, workflow_id, next_at, due_at) values ({caller.Organization}, {id}, {next}, {next})
            on conflict (organization_id, workflow_id) do update set next_at = excluded.next_at, due_at = excluded.due_at
            """, cancel);
    }

    /// <summary>Keeps the next time, so that what goes by meanwhile is known as missed.</summary>
    public static Task Pause(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.Execute($"update schedules set due_at = 'infinity' where organization_id = {caller.Organization} and workflow_id = {id}", cancel);

    public static Task Resume(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.Execute($"update schedules set due_at = next_at where organization_id = {caller.Organization} and workflow_id = {id}", cancel);

    public static Task Remove(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.Execute($"delete from schedules where organization_id = {caller.Organization} and workflow_id = {id}", cancel);
}
