using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.Limits;

/// <summary>Requests a minute, at most what the installation takes; null is just that. <paramref name="OrganizationAMinute"/> is 60 or more, or nobody could take it back; <paramref name="KeyAMinute"/> holds for each key.</summary>
public sealed record UpdateLimitsRequest(long? OrganizationAMinute, long? KeyAMinute);

internal static class UpdateLimits
{
    private const int LeastOfOrganization = 60;

    public static async Task<Reply<LimitsResponse>> Handle(
        UpdateLimitsRequest request, OrganizationCaller caller, HttpContext context, Database database, LimitLeases leases, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var version = EntityTag.Required(context);
        if (version.Error is { } missing)
            return missing;
        var (organization, key) = (leases.Configured(LimitName.Organization).Quota, leases.Configured(LimitName.Key).Quota);
        var invalid = new Checks()
            .That(request.OrganizationAMinute is null or >= LeastOfOrganization, "/organization_a_minute", "range", $"{LeastOfOrganization} or more.")
            .That(request.KeyAMinute is null or >= 1, "/key_a_minute", "range", "1 or more.")
            // It would have no effect, and somebody would wonder why.
            .That(request.OrganizationAMinute is null || request.OrganizationAMinute <= organization, "/organization_a_minute", "wider", $"The installation takes {organization}; ask its operator.")
            .That(request.KeyAMinute is null || request.KeyAMinute <= key, "/key_a_minute", "wider", $"The installation takes {key}; ask its operator.")
            .Error();
        if (invalid is not null)
            return invalid;
        var next = new OwnLimits(request.OrganizationAMinute, request.KeyAMinute, version.Value + 1);
        var result = await database.As(caller).Attempt(transaction => Apply(transaction, next, caller, audit, clock.GetUtcNow(), cancel), cancel);
        if (result.Error is { } refused)
            return refused;
        return await GetLimits.Handle(caller, context, database, leases, clock, cancel);
    }

    private static Task<Result<Done>> Apply(Transaction transaction, OwnLimits next, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel) => transaction.Replace(
        $"select organization_a_minute, key_a_minute, version from organization_limits where organization_id = {caller.Organization} for update",
        OwnLimits.None,
        next,
        $"""
        insert into organization_limits (organization_id, organization_a_minute, key_a_minute, version, updated_at)
        values ({caller.Organization}, {next.OrganizationAMinute}, {next.KeyAMinute}, {next.Version}, {now})
        on conflict (organization_id) do update set organization_a_minute = excluded.organization_a_minute, key_a_minute = excluded.key_a_minute,
            version = excluded.version, updated_at = excluded.updated_at
        where organization_limits.version = {next.Version - 1}
        """,
        caller.Organization,
        before => new AuditEntry("limits.updated", "update", caller.Actor, new AuditResource("limits", caller.Organization.Value, "limits")) { Before = Shown(before), After = Shown(next) },
        audit,
        cancel);

    private static JsonObject Shown(OwnLimits limits) => new() { ["organization_a_minute"] = limits.OrganizationAMinute, ["key_a_minute"] = limits.KeyAMinute };
}
