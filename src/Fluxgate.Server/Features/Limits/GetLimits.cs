using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.Limits;

/// <summary><paramref name="Quota"/> requests within <paramref name="WindowSeconds"/>; <paramref name="InstallationQuota"/> is what an organization cannot go beyond.</summary>
public sealed record LimitInForce(LimitName Limit, long Quota, int WindowSeconds, long InstallationQuota);

/// <summary>Requests that a limit refused within the last 24 hours. <paramref name="SubjectId"/> is the key, person or organization; its name is there for who may list those.</summary>
public sealed record LimitViolation(LimitName Limit, Guid SubjectId, string? SubjectName, long Refused, DateTimeOffset LastHour);

/// <summary><paramref name="OrganizationAMinute"/> and <paramref name="KeyAMinute"/> are what the organization has set for itself; null is the installation's. The up to 100 most refused subjects come first.</summary>
public sealed record LimitsResponse(
    IReadOnlyList<LimitInForce> Limits, long? OrganizationAMinute, long? KeyAMinute, IReadOnlyList<LimitViolation> Violations, int Version);

internal sealed record OwnLimits(long? OrganizationAMinute, long? KeyAMinute, int Version) : IVersionedSetting
{
    /// <summary>An organization that never said anything.</summary>
    public static readonly OwnLimits None = new(null, null, 0);
}

internal static class GetLimits
{
    public static async Task<Reply<LimitsResponse>> Handle(OrganizationCaller caller, HttpContext context, Database database, LimitLeases leases, TimeProvider clock, CancellationToken cancel)
    {
        var own = await database.As(caller).QueryOptional<OwnLimits>(
            $"select organization_a_minute, key_a_minute, version from organization_limits where organization_id = {caller.Organization}", cancel) ?? OwnLimits.None;
        EntityTag.Show(context, own.Version);
        return new LimitsResponse(InForce(own, leases), own.OrganizationAMinute, own.KeyAMinute, await Violations(caller, database, clock, cancel), own.Version);
    }

    private static LimitInForce[] InForce(OwnLimits own, LimitLeases leases) =>
    [
        .. Enum.GetValues<LimitName>().Select(limit =>
        {
            var (quota, window) = leases.Configured(limit);
            var lowered = limit switch
            {
                LimitName.Organization => own.OrganizationAMinute,
                LimitName.Key => own.KeyAMinute,
                _ => null,
            };
            return new LimitInForce(limit, Math.Min(quota, lowered ?? quota), (int)window.TotalSeconds, quota);
        }),
    ];

    private static Task<IReadOnlyList<LimitViolation>> Violations(OrganizationCaller caller, Database database, TimeProvider clock, CancellationToken cancel) =>
        database.As(caller).Query<LimitViolation>($"""
            select v.limit_name as "limit", v.subject_id,
                   case when {caller.May(Permissions.ApiKeysRead)} and coalesce(k.id, c.id) is not null then coalesce(k.name, c.name) when {caller.May(Permissions.MembersRead)} then m.display_name end as subject_name,
                   sum(v.refused)::bigint as refused, max(v.hour) as last_hour
            from limit_violations v
            left join api_keys k on k.organization_id = v.organization_id and k.id = v.subject_id
            left join client_keys c on c.organization_id = v.organization_id and c.id = v.subject_id
            left join members m on m.organization_id = v.organization_id and m.user_id = v.subject_id
            where v.organization_id = {caller.Organization} and v.hour > {clock.GetUtcNow() - LimitViolations.Shown}
            group by v.limit_name, v.subject_id, k.id, k.name, c.id, c.name, m.display_name
            order by refused desc, v.subject_id, v.limit_name
            limit 100
            """, cancel);
}
