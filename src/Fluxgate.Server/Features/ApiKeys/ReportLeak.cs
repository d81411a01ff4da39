using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>A key that was found where it does not belong, and where that is, such as an address.</summary>
public sealed record LeakReport(string Key, string? Source = null);

/// <summary>The same for every report: it does not tell whether there is such a key.</summary>
public sealed record LeakReportReceived(bool Received);

internal static class ReportLeak
{
    private static readonly LeakReportReceived Received = new(true);

    /// <summary>Revokes the key at once, whoever reports it: who holds a key could misuse it, so taking it away from them is no harm.</summary>
    public static async Task<Accepted<LeakReportReceived>> Handle(
        LeakReport report, HttpContext context, ApiKeyAuthentication keys, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (new Checks().Text(report.Key, "/key", 1, 200).Text(report.Source ?? "", "/source", 0, 500).Error() is { } invalid)
            return invalid;
        if (await keys.Identify(report.Key.Trim(), cancel) is { } found)
            await database.Platform.Transact(transaction => Revoke(transaction, found, report, context, audit, clock.GetUtcNow(), cancel), cancel);
        return Received;
    }

    private static async Task Revoke(
        Transaction transaction, IdentifiedKey key, LeakReport report, HttpContext context, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        if (await transaction.Execute($"""
            update api_keys set revoked_at = {now}, revoked_reason = {"reported as leaked"} where organization_id = {key.Organization} and id = {key.Id} and revoked_at is null
            """, cancel) == 0)
            return;
        var actor = new Actor(ActorKind.Anonymous, null, "leak report") { Network = context.Connection.RemoteIpAddress?.ToString() };
        await audit.Append(transaction, key.Organization, new AuditEntry("api_key.leak_reported", "update", actor, new AuditResource("api_key", key.Id, key.Name))
        {
            Details = JsonConventions.Object(new { key.Prefix, report.Source }),
        }, cancel);
    }
}
