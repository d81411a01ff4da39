using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Quotas;

namespace Fluxgate.Server.Features.Usage;

/// <summary>A quota as it holds for an organization; <paramref name="IsOwn"/> if an operator has set it for that one.</summary>
public sealed record HeldQuota(Quota Quota, long? Most, bool IsOwn);

/// <summary>Quotas as whoever runs the installation sees and sets them; running servers know a change within seconds.</summary>
public sealed class OperatorQuotas
{
    private static readonly Actor Operator = Actor.System("operator");

    private readonly Database database;
    private readonly QuotaOptions options;
    private readonly AuditLog audit;

    internal OperatorQuotas(Database database, QuotaOptions options, AuditLog audit) => (this.database, this.options, this.audit) = (database, options, audit);

    private sealed record OwnQuota(Quota Quota, long? Most);

    private sealed record Organization(OrganizationId Id, string Name);

    /// <summary>All quotas of the organization with that slug, or <c>organization.not_found</c>.</summary>
    public async Task<Result<HeldQuota[]>> Show(string slug, CancellationToken cancel)
    {
        if (await Find(slug, cancel) is not { } organization)
            return Error.NotFound("organization");
        var own = (await database.Platform.Query<OwnQuota>($"select quota, most from organization_quotas where organization_id = {organization.Id}", cancel)).ToDictionary(q => q.Quota, q => q.Most);
        return Enum.GetValues<Quota>().Select(q => own.TryGetValue(q, out var most) ? new HeldQuota(q, most, IsOwn: true) : new HeldQuota(q, options.Most(q), IsOwn: false)).ToArray();
    }

    /// <summary>Sets what the organization may have, null for no limit; an event in its audit log.</summary>
    public Task<Result<Done>> Set(string slug, Quota quota, long? most, CancellationToken cancel) => Change(slug, quota, most, isOwn: true, cancel);

    /// <summary>What the configuration says holds again.</summary>
    public Task<Result<Done>> Reset(string slug, Quota quota, CancellationToken cancel) => Change(slug, quota, options.Most(quota), isOwn: false, cancel);

    private async Task<Result<Done>> Change(string slug, Quota quota, long? most, bool isOwn, CancellationToken cancel)
    {
        if (most is < 0)
            return Error.Refused("quota.range", "A quota is 0 or more.");
        if (await Find(slug, cancel) is not { } organization)
            return Error.NotFound("organization");
        await database.Platform.Transact(async transaction =>
        {
            var before = await transaction.QueryOptional<OwnQuota>($"""
                delete from organization_quotas where organization_id = {organization.Id} and quota = {quota} returning quota, most
                """, cancel);
            if (isOwn)
                await transaction.Execute($"insert into organization_quotas (organization_id, quota, most) values ({organization.Id}, {quota}, {most})", cancel);
            await audit.Append(transaction, organization.Id, new AuditEntry("quota.set", "update", Operator, new AuditResource("quota", null, SnakeCase.From(quota)))
            {
                Before = new JsonObject { ["most"] = before is null ? options.Most(quota) : before.Most },
                After = new JsonObject { ["most"] = most },
            }, cancel);
        }, cancel);
        return default(Done);
    }

    private Task<Organization?> Find(string slug, CancellationToken cancel) =>
        database.Platform.QueryOptional<Organization>($"select id, name from organizations where slug = {slug}", cancel);
}
