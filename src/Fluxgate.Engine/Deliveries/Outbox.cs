using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Deliveries;

/// <summary>Events of an organization that go to its webhook endpoints once their transaction has committed. Runs add theirs with their journal.</summary>
public static class Outbox
{
    public static async Task Add(
        Transaction transaction, OrganizationId organization, OrganizationCipher cipher, string type, JsonObject data, TimeProvider clock, CancellationToken cancel)
    {
        var (id, now) = (Uuid.New(clock), clock.GetUtcNow());
        await transaction.Execute($"""
            insert into outbox (organization_id, id, event_type, payload, created_at)
            values ({organization}, {id}, {type}, {cipher.Seal(SealedField.DeliveryPayload, id, WebhookEvent.Write(id, type, now, data))}, {now})
            """, cancel);
    }
}
