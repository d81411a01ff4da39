using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Triggers;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Polls;

/// <summary>A feed or mailbox that is to be looked into, for this node to see to.</summary>
internal sealed record DuePoll(OrganizationId OrganizationId, WorkflowId WorkflowId, DateTimeOffset NextAt) : IDue;

/// <summary>Claims feeds and mailboxes that are to be looked into.</summary>
internal sealed class PollClock(Database database, PollTurn turn, TimeProvider clock, ILogger<PollClock> log) : DueClock<DuePoll>(places: 16, clock, log)
{
    /// <summary>Of one organization in one claim: the many of one do not make the others wait.</summary>
    private const int OfEach = 4;

    /// <summary>Longer than a look may take (<see cref="PollTurn.Longest"/>): while one lasts nobody else looks.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    protected override Task Take(DuePoll due, CancellationToken cancel) => turn.Take(due, cancel);

    protected override Task<IReadOnlyList<DuePoll>> Claim(DateTimeOffset now, int limit, Guid[] full) =>
        database.Platform.Query<DuePoll>($"""
            with fair as (
                select organization_id, workflow_id
                from (select organization_id, workflow_id, due_at, row_number() over (partition by organization_id order by due_at) as turn
                      from polls where due_at <= {now} and organization_id <> all ({full}::uuid[])) r
                where turn <= {OfEach}
                order by turn, due_at
                limit {limit}
            ), free as (
                select p.organization_id, p.workflow_id
                from polls p join fair f on f.organization_id = p.organization_id and f.workflow_id = p.workflow_id
                where p.due_at <= {now}
                for update of p skip locked
            )
            update polls p set due_at = {now + Lease}
            from free f where p.organization_id = f.organization_id and p.workflow_id = f.workflow_id
            returning p.organization_id, p.workflow_id, p.next_at
            """, CancellationToken.None);

    protected override Task Release(DuePoll due) =>
        database.Platform.Execute($"""
            update polls set due_at = next_at
            where organization_id = {due.OrganizationId} and workflow_id = {due.WorkflowId} and next_at = {due.NextAt} and due_at <> 'infinity'
            """, CancellationToken.None);
}
