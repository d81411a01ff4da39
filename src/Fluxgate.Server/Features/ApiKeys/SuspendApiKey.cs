using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>Why, in 1–500 characters; it is shown and audited.</summary>
public sealed record SuspendApiKeyRequest(string Reason);

/// <summary>Stops a key from the next request on, and lets it go on again.</summary>
internal static class SuspendApiKey
{
    public static async Task<Reply<ApiKeyResponse>> Suspend(
        Guid id, SuspendApiKeyRequest request, OrganizationCaller caller, Database database, AuditLog audit, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel) =>
        new Checks().Text(request.Reason, "/reason", 1, 500).Error() is { } invalid
            ? invalid
            : await Set(id, request.Reason, caller, database, audit, options, clock.GetUtcNow(), cancel);

    public static Task<Reply<ApiKeyResponse>> Restore(
        Guid id, OrganizationCaller caller, Database database, AuditLog audit, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel) =>
        Set(id, null, caller, database, audit, options, clock.GetUtcNow(), cancel);

    private static async Task<Reply<ApiKeyResponse>> Set(
        Guid id, string? reason, OrganizationCaller caller, Database database, AuditLog audit, ApiKeyOptions options, DateTimeOffset now, CancellationToken cancel) =>
        await database.As(caller).Attempt<ApiKeyResponse>(async transaction =>
        {
            var changed = reason is null
                ? await transaction.Execute($"update api_keys set suspended_at = null, suspended_reason = null, restored_at = {now} where organization_id = {caller.Organization} and id = {id} and suspended_at is not null", cancel)
                : await transaction.Execute($"update api_keys set suspended_at = {now}, suspended_reason = {reason} where organization_id = {caller.Organization} and id = {id} and suspended_at is null", cancel);
            var row = await transaction.QueryOptional<ApiKeyRow>(ApiKeyRow.Of(caller, id), cancel);
            if (row is null)
                return Error.NotFound("api_key");
            if (changed > 0)
                await audit.Append(transaction, caller.Organization, new AuditEntry(reason is null ? "api_key.restored" : "api_key.suspended", "update", caller.Actor, new AuditResource("api_key", id, row.Name))
                {
                    Details = JsonConventions.Object(new { row.Prefix, reason }),
                }, cancel);
            return row.ToResponse(now, options);
        }, cancel);
}
