using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.Limits;

/// <summary>What a taking was decided from; <see cref="Core.Limits.Gcra"/> says of it what was taken.</summary>
internal sealed record LimitRow(long Quota, long TakenAt, long Before);

/// <summary>The limits as all nodes share them: a row for each subject and limit.</summary>
internal sealed class LimitRows(Database database)
{
    /// <summary>Of a quota: so much may lie unused on a node. Two nodes hold less than 5 % back.</summary>
    private const int SlicesOfQuota = 100;

    private const int BatchSize = 1000;

    /// <summary>The most that is taken at once for requests that need <paramref name="asked"/>.</summary>
    public static long Slice(long quota, long asked) => Math.Max(asked, quota / SlicesOfQuota);

    /// <summary>
    /// One atomic step of <see cref="Core.Limits.Gcra.Take"/>, after <paramref name="unused"/> tokens of the slice before
    /// were put back; the arithmetic here and there is the same. PostgreSQL's clock is the one that all nodes share. What
    /// the organization has lowered is read here, so that a change holds with the next slice on every node.
    /// </summary>
    public Task<LimitRow> Take(LimitSubject subject, OrganizationId? organization, long configured, TimeSpan window, long least, long asked, long unused)
    {
        var span = window.Ticks / TimeSpan.TicksPerMicrosecond;
        return database.Platform.QueryOne<LimitRow>($"""
            insert into rate_limits as r (subject_id, limit_name, quota, taken_at, before, arrival)
            select {subject.Id}, {subject.Limit}, n.quota, n.at, n.at, n.at + (least(n.quota, greatest({asked}, n.quota / {SlicesOfQuota})) * {span} + n.quota - 1) / n.quota
            from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at, least({configured}, (
                      select case {subject.Limit} when 'key' then o.key_a_minute when 'organization' then o.organization_a_minute end
                      from organization_limits o where o.organization_id = {organization}), (
                      select c.a_minute from client_keys c where {subject.Limit} = 'client_key' and c.organization_id = {organization} and c.id = {subject.Id})) as quota) n
            on conflict (subject_id, limit_name) do update set (quota, taken_at, before, arrival) = (
                select excluded.quota, excluded.taken_at, s.start,
                       s.start + (case when m.room < least({least}, excluded.quota) then 0 else least(m.room, greatest({asked}, excluded.quota / {SlicesOfQuota})) end * {span} + excluded.quota - 1) / excluded.quota
                from (select least(greatest(r.arrival - ({unused} * {span} + r.quota - 1) / r.quota, excluded.taken_at), excluded.taken_at + {span}) as start) s,
                     lateral (select (excluded.taken_at + {span} - s.start) * excluded.quota / {span} as room) m)
            returning quota, taken_at, before
            """, CancellationToken.None);
    }

    /// <summary>Deletes rows of subjects whose whole quota is there again, which is what no row says too; whether there may be more.</summary>
    public async Task<bool> DeleteIdle(CancellationToken cancel) => await database.Platform.Execute($"""
        delete from rate_limits r
        using (select subject_id, limit_name from rate_limits where arrival < (extract(epoch from clock_timestamp()) * 1000000)::bigint limit {BatchSize} for update skip locked) d
        where r.subject_id = d.subject_id and r.limit_name = d.limit_name
        """, cancel) == BatchSize;
}
