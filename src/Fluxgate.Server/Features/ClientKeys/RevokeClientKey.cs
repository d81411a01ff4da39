using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class RevokeClientKey
{
    /// <summary>For good, from the next request on.</summary>
    public static async Task<Reply<ClientKeyResponse>> Handle(Guid id, OrganizationCaller caller, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        await database.As(caller).Attempt<ClientKeyResponse>(async transaction =>
        {
            var row = await transaction.QueryOptional<ClientKeyRow>($"{ClientKeyRow.Of(caller, id)} for update", cancel);
            if (row is null)
                return ClientKeyRow.NotFound;
            if (row.RevokedAt is not null)
                return row.ToResponse();
            var next = row with { RevokedAt = clock.GetUtcNow(), Revision = row.Revision + 1 };
            await transaction.Execute($"update client_keys set revoked_at = {next.RevokedAt}, revision = {next.Revision} where organization_id = {caller.Organization} and id = {id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("client_key.revoked", "update", caller.Actor, row.Resource), cancel);
            return next.ToResponse();
        }, cancel);
}
