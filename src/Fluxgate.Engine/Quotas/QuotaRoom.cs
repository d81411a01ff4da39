using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Quotas;

/// <summary>What organizations may have, and the record that one comes near it.</summary>
public sealed class QuotaRoom(QuotaOptions options, AuditLog audit, TimeProvider clock)
{
    private static readonly Actor Self = Actor.System("quotas");

    private sealed record OwnQuota(long? Most);

    /// <summary>
    /// Whether what the transaction has just written still has room; the error is the reason to roll it back.
    /// <paramref name="used"/> counts, that included. Two at once pass one after the other.
    /// </summary>
    public async Task<Error?> Check(Transaction transaction, OrganizationId organization, Quota quota, Func<Task<long>> used, CancellationToken cancel)
    {
        if (await Most(transaction, organization, quota, cancel) is not { } most)
            return null;
        string name = $"quota {quota} {organization}";
        await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", cancel);
        var now = await used();
        if (now > most)
            return QuotaRules.Exceeded(quota, most);
        await Notice(transaction, organization, quota, now, most, cancel);
        return null;
    }

    /// <summary>Records, once a day, that a quota is nearly or wholly used.</summary>
    public async Task Notice(Transaction transaction, OrganizationId organization, Quota quota, long used, long most, CancellationToken cancel)
    {
        var level = QuotaRules.Level(used, most);
        if (level == QuotaLevel.Fine)
            return;
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (await transaction.Execute($"""
            insert into quota_notices (organization_id, quota, level, day) values ({organization}, {quota}, {level}, {day}) on conflict do nothing
            """, cancel) == 0)
            return;
        await audit.Append(transaction, organization, new AuditEntry(level == QuotaLevel.Warning ? "quota.nearly_used" : "quota.used", "update", Self, new AuditResource("quota", null, SnakeCase.From(quota)))
        {
            Details = new JsonObject { ["used"] = used, ["most"] = most },
        }, cancel);
    }

    private async Task<long?> Most(Transaction transaction, OrganizationId organization, Quota quota, CancellationToken cancel) =>
        await transaction.QueryOptional<OwnQuota>($"select most from organization_quotas where organization_id = {organization} and quota = {quota}", cancel) is { } own ? own.Most : options.Most(quota);
}
