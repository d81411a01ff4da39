using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Audit;

/// <summary>
/// Records events. An event is written by the transaction of what it tells about: both are there or neither is.
/// Sealing into the chain comes after, by the one sealer of the installation.
/// </summary>
public sealed class AuditLog(TimeProvider clock, AuditSignal signal)
{
    /// <summary>Writes one event and its place in the sealing queue, in one statement of the caller's transaction (role app).</summary>
    public async Task Append(Transaction transaction, OrganizationId organization, AuditEntry entry, CancellationToken cancel)
    {
        var row = Prepare(organization, entry);
        await transaction.Execute($"""
            with queued as (
                insert into audit_queue (organization_id, id, leaf) values ({organization}, {row.Id}, {row.Leaf})
            )
            insert into audit_events (organization_id, id, occurred_at, type, action, result, actor_kind, actor_id, actor_label, network,
                resource_kind, resource_id, resource_name, content, salt)
            values ({organization}, {row.Id}, {row.OccurredAt}, {row.Type}, {row.Action}, {row.Result}, {row.ActorKind}, {row.ActorId}, {row.ActorLabel}, {row.Network},
                {row.ResourceKind}, {row.ResourceId}, {row.ResourceName}, {row.Content}, {row.Salt})
            """, cancel);
        signal.Raise();
    }

    /// <summary>The same as columns, for a batch of the engine, which inserts into <c>audit_events</c> and <c>audit_queue</c> itself.</summary>
    public AuditRow Prepare(OrganizationId organization, AuditEntry entry)
    {
        var id = Uuid.New(clock);
        var content = AuditContent.From(organization, id, entry);
        var salt = RandomNumberGenerator.GetBytes(AuditHash.Bytes);
        return new AuditRow(
            organization, id, content.OccurredAt, content.Type, content.Action, content.Result,
            content.ActorKind, content.ActorId, content.ActorLabel, content.Network,
            content.ResourceKind, content.ResourceId, content.ResourceName,
            content.Canonical, salt, AuditHash.Leaf(salt, content.Canonical));
    }
}
