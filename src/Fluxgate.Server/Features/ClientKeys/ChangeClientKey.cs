using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class ChangeClientKey
{
    /// <summary>Holds for the next request of every page.</summary>
    public static async Task<Reply<ClientKeyResponse>> Handle(
        Guid id, ClientKeyRequest request, OrganizationCaller caller, HttpContext context, Database database, AuditLog audit, LimitLeases leases, CancellationToken cancel)
    {
        var revision = EntityTag.Required(context);
        if (revision.Error is { } missing)
            return missing;
        if (ClientKeyRow.Faults(request, leases) is { } invalid)
            return invalid;
        var changed = await database.As(caller).Attempt<ClientKeyResponse>(async transaction =>
        {
            var row = await transaction.QueryOptional<ClientKeyRow>($"{ClientKeyRow.Of(caller, id)} for update", cancel);
            if (row is null)
                return ClientKeyRow.NotFound;
            if (row.Revision != revision.Value)
                return EntityTag.Stale;
            if (row.RevokedAt is not null)
                return ClientKeyRow.Revoked;
            var next = row with { Name = request.Name.Trim(), Origins = [.. request.Origins.Distinct(StringComparer.Ordinal)], AMinute = request.AMinute, Revision = row.Revision + 1 };
            await transaction.Execute($"""
                update client_keys set name = {next.Name}, origins = {next.Origins}, a_minute = {next.AMinute}, revision = {next.Revision} where organization_id = {caller.Organization} and id = {id}
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("client_key.changed", "update", caller.Actor, next.Resource) { Before = row.Shown(), After = next.Shown() }, cancel);
            return next.ToResponse();
        }, cancel);
        if (changed.Succeeded)
            EntityTag.Show(context, changed.Value.Revision);
        return changed;
    }
}
