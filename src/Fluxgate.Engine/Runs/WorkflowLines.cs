using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Runs;

/// <summary>
/// The lines of workflows that bound how many of their runs are under way at once, on all nodes together. A run takes a
/// place before its first step and keeps it until it has ended, waits included. Rows hold the line: whoever ends a run lets
/// the next one go on, and <see cref="LookAfterAll"/> does so where a node died in between.
/// </summary>
public sealed class WorkflowLines(Database database, TimeProvider clock)
{
    private readonly NamedTurns turns = new();

    private sealed record HeadRow(Guid RunId, int Places, bool IsThere);

    private sealed record LineRow(OrganizationId OrganizationId, WorkflowId WorkflowId);

    /// <summary>
    /// Whether a run that has not begun may begin, of which <paramref name="places"/> may be under way. If not, it is nobody's
    /// until it is its turn or <paramref name="latest"/>.
    /// </summary>
    internal Task<bool> Admits(RunIdentity run, int places, DateTimeOffset latest, CancellationToken cancel) =>
        InTurn(run.Organization, run.Workflow, async transaction =>
        {
            await transaction.Execute($"""
                insert into workflow_lines (organization_id, workflow_id, run_id, places, admitted) values ({run.Organization}, {run.Workflow}, {run.Run}, {places}, false)
                on conflict do nothing
                """, cancel);
            await LetIn(transaction, run.Organization, run.Workflow, cancel);
            if (await transaction.QueryOne<bool>($"""
                select exists (select from workflow_lines where organization_id = {run.Organization} and workflow_id = {run.Workflow} and run_id = {run.Run} and admitted)
                """, cancel))
                return true;
            await transaction.Execute($"update run_work set node_id = null, due_at = {latest} where organization_id = {run.Organization} and run_id = {run.Run}", cancel);
            return false;
        }, cancel);

    /// <summary>Lets the next runs of the workflow go on, as far as there are places.</summary>
    internal Task LookAfter(OrganizationId organization, WorkflowId workflow, CancellationToken cancel) =>
        InTurn(organization, workflow, async transaction =>
        {
            await LetIn(transaction, organization, workflow, cancel);
            return true;
        }, cancel);

    /// <summary><see cref="LookAfter"/> for every line in which somebody waits.</summary>
    internal async Task LookAfterAll(CancellationToken cancel)
    {
        // A loose index scan: one probe for each line, whatever its length.
        foreach (var line in await database.Platform.Query<LineRow>($"""
            with recursive line as (
                (select organization_id, workflow_id from workflow_lines where not admitted order by organization_id, workflow_id limit 1)
                union all
                select n.organization_id, n.workflow_id from line l cross join lateral (
                    select organization_id, workflow_id from workflow_lines
                    where not admitted and (organization_id, workflow_id) > (l.organization_id, l.workflow_id) order by organization_id, workflow_id limit 1) n
            )
            select organization_id, workflow_id from line
            """, cancel))
            await LookAfter(line.OrganizationId, line.WorkflowId, cancel);
    }

    private Task<bool> InTurn(OrganizationId organization, WorkflowId workflow, Func<Transaction, Task<bool>> work, CancellationToken cancel) =>
        turns.Transact(database.Engine(organization), $"line {workflow}", work, cancel);

    private async Task LetIn(Transaction transaction, OrganizationId organization, WorkflowId workflow, CancellationToken cancel)
    {
        await transaction.Execute($"""
            delete from workflow_lines l where organization_id = {organization} and workflow_id = {workflow} and admitted
            and not exists (select from run_work w where w.organization_id = l.organization_id and w.run_id = l.run_id)
            """, cancel);
        while (true)
        {
            // The first in line says how many may be under way: its version is the oldest that has not begun.
            var heads = await transaction.Query<HeadRow>($"""
                select l.run_id, l.places, exists (select from run_work w where w.organization_id = l.organization_id and w.run_id = l.run_id) as is_there
                from workflow_lines l where organization_id = {organization} and workflow_id = {workflow} and not admitted
                order by run_id
                limit (
                    select greatest(h.places - (select count(*) from workflow_lines a where a.organization_id = {organization} and a.workflow_id = {workflow} and a.admitted), 0)
                    from workflow_lines h where h.organization_id = {organization} and h.workflow_id = {workflow} and not h.admitted order by h.run_id limit 1)
                """, cancel);
            var gone = heads.Where(h => !h.IsThere).Select(h => h.RunId).ToArray();
            var next = heads.Where(h => h.IsThere).Select(h => h.RunId).ToArray();
            if (next.Length > 0)
            {
                await transaction.Execute($"""
                    update workflow_lines set admitted = true where organization_id = {organization} and workflow_id = {workflow} and run_id = any ({next})
                    """, cancel);
                await transaction.Execute($"update run_work set due_at = {clock.GetUtcNow()} where organization_id = {organization} and run_id = any ({next}) and node_id is null", cancel);
            }
            if (gone.Length == 0)
                return;
            await transaction.Execute($"""
                delete from workflow_lines where organization_id = {organization} and workflow_id = {workflow} and run_id = any ({gone})
                """, cancel);
        }
    }
}
