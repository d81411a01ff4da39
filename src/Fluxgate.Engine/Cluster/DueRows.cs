using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Cluster;

/// <summary>
/// The rows of a table with <c>organization_id</c>, a key and <c>due_at</c> (indexed; infinity: paused), for a
/// <see cref="DueClock{TDue}"/>. A claim moves <c>due_at</c> ahead by the lease, and reads the key and whatever else
/// <c>read</c> names of the row <c>d</c>, such as <c>d.workflow_id, d.next_at</c>.
/// </summary>
internal sealed class DueRows<TDue>(Database database, Sql table, Sql key, Sql read, TimeSpan lease)
    where TDue : IDue
{
    /// <summary>Of one organization in one claim: the many of one do not make the others wait.</summary>
    private const int OfEach = 4;

    public Task<IReadOnlyList<TDue>> Claim(DateTimeOffset now, int limit, Guid[] full) =>
        database.Platform.Query<TDue>($"""
            with fair as (
                select organization_id, {key}
                from (select organization_id, {key}, due_at, row_number() over (partition by organization_id order by due_at) as turn
                      from {table} where due_at <= {now} and organization_id <> all ({full}::uuid[])) r
                where turn <= {OfEach}
                order by turn, due_at
                limit {limit}
            ), free as (
                select d.organization_id, d.{key}
                from {table} d join fair f on f.organization_id = d.organization_id and f.{key} = d.{key}
                where d.due_at <= {now}
                for update of d skip locked
            )
            update {table} d set due_at = {now + lease}
            from free f where d.organization_id = f.organization_id and d.{key} = f.{key}
            returning d.organization_id, d.due_at as claimed_until, {read}
            """, CancellationToken.None);

    /// <summary>Leaves alone what has been moved on, paused or claimed anew since.</summary>
    public Task Release(TDue due) =>
        database.Platform.Execute($"""
            update {table} set due_at = {due.ClaimedUntil - lease}
            where organization_id = {due.OrganizationId} and {key} = {due.Key} and due_at = {due.ClaimedUntil}
            """, CancellationToken.None);
}
