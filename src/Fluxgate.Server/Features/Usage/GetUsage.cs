using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Quotas;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Usage;

/// <summary>How much of something the organization has; <paramref name="Most"/> is null without a limit. From 80 % the level is a warning.</summary>
public sealed record QuotaUsage(Quota Quota, long Used, long? Most, QuotaLevel Level);

/// <summary>Runs that began on a day in UTC.</summary>
public sealed record DayOfRuns(DateOnly Day, long Runs);

/// <summary>What the organization uses of what it may. <paramref name="Days"/> are the last 30 on which runs began, the newest first; counts of runs and their bytes are up to two seconds old.</summary>
public sealed record UsageResponse(IReadOnlyList<QuotaUsage> Quotas, IReadOnlyList<DayOfRuns> Days);

internal static class GetUsage
{
    private sealed record Used(long StoredBytes, long KvBytes, long Members, long ApiKeys);

    private sealed record OwnQuota(Quota Quota, long? Most);

    public static async Task<Reply<UsageResponse>> Handle(OrganizationCaller caller, Database database, QuotaOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var (session, now) = (database.As(caller), clock.GetUtcNow());
        var used = await session.QueryOne<Used>($"""
            select
                coalesce((select run_bytes from organization_storage where organization_id = {caller.Organization}), 0) as stored_bytes,
                coalesce((select sum(octet_length(value))::bigint from kv_entries where organization_id = {caller.Organization}), 0) as kv_bytes,
                (select count(*) from members where organization_id = {caller.Organization}) as members,
                (select count(*) from api_keys where organization_id = {caller.Organization} and revoked_at is null and expires_at > {now}) as api_keys
            """, cancel);
        var days = await session.Query<DayOfRuns>($"select day, runs from organization_usage where organization_id = {caller.Organization} and runs > 0 order by day desc limit 30", cancel);
        var own = (await session.Query<OwnQuota>($"select quota, most from organization_quotas where organization_id = {caller.Organization}", cancel)).ToDictionary(q => q.Quota, q => q.Most);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new UsageResponse(
        [
            .. Enum.GetValues<Quota>().Select(quota =>
            {
                var count = quota switch
                {
                    Quota.RunsADay => days.FirstOrDefault(d => d.Day == today)?.Runs ?? 0,
                    Quota.StoredBytes => used.StoredBytes,
                    Quota.KvBytes => used.KvBytes,
                    Quota.Members => used.Members,
                    _ => used.ApiKeys,
                };
                var most = own.TryGetValue(quota, out var set) ? set : options.Most(quota);
                return new QuotaUsage(quota, count, most, QuotaRules.Level(count, most));
            }),
        ], days);
    }
}
