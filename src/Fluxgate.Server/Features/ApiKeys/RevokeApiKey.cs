using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

internal static class RevokeApiKey
{
    /// <summary>Takes effect with the next request; revoking twice is as good as once and is audited once.</summary>
    public static Task<Reply<ApiKeyResponse>> Handle(
        Guid id, OrganizationCaller caller, Database database, AuditLog audit, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel) =>
        database.As(caller).Transact<Reply<ApiKeyResponse>>(async transaction =>
        {
            var now = clock.GetUtcNow();
            var changed = await transaction.Execute($"""
                update api_keys set revoked_at = {now} where organization_id = {caller.Organization} and id = {id} and revoked_at is null
                """, cancel);
            var row = await transaction.QueryOptional<ApiKeyRow>(ApiKeyRow.Of(caller, id), cancel);
            if (row is null)
                return Error.NotFound("api_key");
            if (changed > 0)
                await audit.Append(transaction, caller.Organization, new AuditEntry("api_key.revoked", "update", caller.Actor, new AuditResource("api_key", id, row.Name))
                {
                    Details = JsonConventions.Object(new { row.Prefix }),
                }, cancel);
            return row.ToResponse(now, options);
        }, cancel);
}
