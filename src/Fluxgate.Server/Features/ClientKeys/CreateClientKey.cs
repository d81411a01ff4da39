using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Quotas;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.ClientKeys;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.ClientKeys;

internal static class CreateClientKey
{
    public static async Task<Created<ClientKeyResponse>> Handle(
        ClientKeyRequest request, OrganizationCaller caller, Database database, AuditLog audit, LimitLeases leases, QuotaRoom quotas, TimeProvider clock, CancellationToken cancel)
    {
        if (ClientKeyRow.Faults(request, leases) is { } invalid)
            return invalid;
        var row = new ClientKeyRow(Uuid.New(clock), request.Name.Trim(), ClientKeyText.New(), [.. request.Origins.Distinct(StringComparer.Ordinal)], request.AMinute, caller.User, clock.GetUtcNow(), null, 1);
        var created = await database.As(caller).Attempt<Done>(async transaction =>
        {
            await transaction.Execute($"""
                insert into client_keys (organization_id, id, name, key, origins, a_minute, created_by, created_at, revision)
                values ({caller.Organization}, {row.Id}, {row.Name}, {row.Key}, {row.Origins}, {row.AMinute}, {row.CreatedBy}, {row.CreatedAt}, {row.Revision})
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("client_key.created", "create", caller.Actor, row.Resource) { After = row.Shown() }, cancel);
            return await quotas.Check(transaction, caller.Organization, Quota.ApiKeys, () => KeyCount.Live(transaction, caller, row.CreatedAt, cancel), cancel) is { } full ? full : default(Done);
        }, cancel);
        return created.Error is { } refused ? refused : Created<ClientKeyResponse>.At(row.Id, row.ToResponse());
    }
}
