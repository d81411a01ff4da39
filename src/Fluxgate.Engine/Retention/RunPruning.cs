using System.Globalization;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Retention;

/// <summary>
/// Deletes runs that an organization keeps no longer, with the runs that they called. A run stays while one that it called
/// goes on, or one is there that takes it up again: what a run hides of its data is known by the runs before it. Batches are
/// small, and each is one transaction with its audit event.
/// </summary>
internal sealed class RunPruning(Database database, AuditLog audit, TimeProvider clock)
{
    private const int BatchSize = 200;

    private static readonly Actor Self = Actor.System("retention");

    private sealed record KeptWorkflow(WorkflowId WorkflowId, string Name, int? MaxAgeDays, int? MaxCount, int MinCount);

    private sealed record Member(RunId Root, RunId Id, bool Stays);

    /// <summary>The number of runs deleted.</summary>
    public async Task<int> Prune(OrganizationId organization, CancellationToken cancel)
    {
        var session = database.Engine(organization);
        // The nearest policy counts instead of the wider ones, not beside them.
        var workflows = await session.Query<KeptWorkflow>($"""
            select w.id as workflow_id, w.name, p.max_age_days, p.max_count, p.min_count
            from workflows w cross join lateral (
                select * from run_retention r where r.organization_id = w.organization_id and r.id in (w.id, w.folder_id, w.organization_id)
                order by case r.id when w.id then 0 when w.folder_id then 1 else 2 end limit 1) p
            where w.organization_id = {organization}
            """, cancel);
        var pruned = 0;
        foreach (var workflow in workflows)
            pruned += await Prune(session, organization, workflow, cancel);
        return pruned;
    }

    private async Task<int> Prune(Session session, OrganizationId organization, KeptWorkflow workflow, CancellationToken cancel)
    {
        // The newest runs stay, whatever their age.
        Guid? newest = null;
        if (workflow.MinCount > 0 && (newest = await Newest(session, organization, workflow.WorkflowId, workflow.MinCount, cancel)) is null)
            return 0;
        var beyond = workflow.MaxCount is { } most ? await Newest(session, organization, workflow.WorkflowId, most, cancel) : null;
        DateTimeOffset? before = workflow.MaxAgeDays is { } days ? clock.GetUtcNow().AddDays(-days) : null;
        var (pruned, after) = (0, Guid.Empty);
        while (true)
        {
            var batch = await session.Transact(transaction => PruneBatch(transaction, organization, workflow, newest, beyond, before, after, cancel), cancel);
            pruned += batch.Pruned;
            if (batch.Last is not { } last)
                return pruned;
            after = last;
        }
    }

    /// <summary>The run of the workflow that is at that place from the newest, counted from 1.</summary>
    private static Task<Guid?> Newest(Session session, OrganizationId organization, WorkflowId workflow, int place, CancellationToken cancel) => session.QueryOptional<Guid?>($"""
        select id from runs where organization_id = {organization} and workflow_id = {workflow} order by id desc offset {place - 1} limit 1
        """, cancel);

    /// <summary>How many runs went, and the last that was looked at; null if there are no more.</summary>
    private async Task<(int Pruned, Guid? Last)> PruneBatch(
        Transaction transaction, OrganizationId organization, KeptWorkflow workflow, Guid? newest, Guid? beyond, DateTimeOffset? before, Guid after, CancellationToken cancel)
    {
        string name = $"retention {organization}";
        // Another node is at it.
        if (!await transaction.QueryOne<bool>($"select pg_try_advisory_xact_lock(hashtextextended({name}, 0))", cancel))
            return (0, null);
        // An id begins with the time of the run's start, which is no later than its end.
        var started = before is { } time ? UuidTime.FirstAt(time) : (Guid?)null;
        var roots = await transaction.Query<Guid>($"""
            select id from runs
            where organization_id = {organization} and workflow_id = {workflow.WorkflowId} and id > {after} and finished_at is not null
              and ({newest}::uuid is null or id < {newest})
              and (id < {beyond}::uuid or (id < {started}::uuid and finished_at < {before}::timestamptz))
            order by id limit {BatchSize}
            """, cancel);
        if (roots.Count == 0)
            return (0, null);
        var members = await transaction.Query<Member>($"""
            with recursive tree as (
                select id as root, id from unnest({roots.ToArray()}::uuid[]) r(id)
                union all
                select t.root, c.id from tree t join runs c on c.organization_id = {organization} and c.parent_run_id = t.id
            )
            select t.root, t.id, r.finished_at is null or exists (select from runs n where n.organization_id = {organization} and n.retry_of = t.id) as stays
            from tree t join runs r on r.organization_id = {organization} and r.id = t.id
            """, cancel);
        var gone = members.GroupBy(m => m.Root).Where(tree => !tree.Any(m => m.Stays)).SelectMany(tree => tree).Select(m => m.Id.Value).Distinct().ToArray();
        if (gone.Length > 0)
            await Delete(transaction, organization, workflow, gone, cancel);
        return (gone.Length, roots[^1]);
    }

    private async Task Delete(Transaction transaction, OrganizationId organization, KeptWorkflow workflow, Guid[] gone, CancellationToken cancel)
    {
        await transaction.Execute($"""
            with beside as (
                delete from run_values where organization_id = {organization} and run_id = any ({gone}) returning octet_length(value) as bytes
            ), inline as (
                delete from run_journal where organization_id = {organization} and run_id = any ({gone}) returning octet_length(events) as bytes
            )
            update organization_storage
            set run_bytes = run_bytes - (select coalesce(sum(bytes), 0) from (select bytes from beside union all select bytes from inline) freed)
            where organization_id = {organization}
            """, cancel);
        await transaction.Execute($"delete from runs where organization_id = {organization} and id = any ({gone})", cancel);
        await audit.Append(transaction, organization, new AuditEntry("run.pruned", "delete", Self, new AuditResource("workflow", workflow.WorkflowId.Value, workflow.Name))
        {
            Details = new JsonObject
            {
                ["runs"] = gone.Length,
                ["first_started_at"] = Text(gone.Min()),
                ["last_started_at"] = Text(gone.Max()),
                ["max_age_days"] = workflow.MaxAgeDays, ["max_count"] = workflow.MaxCount, ["min_count"] = workflow.MinCount,
            },
        }, cancel);
    }

    private static string Text(Guid run) => UuidTime.Of(run).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
