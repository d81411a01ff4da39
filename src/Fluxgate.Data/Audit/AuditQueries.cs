using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Audit;

/// <summary>Reads an organization's events.</summary>
public sealed class AuditQueries(Database database)
{
    /// <summary>Newest first, at most <paramref name="limit"/>, before the event <paramref name="before"/>.</summary>
    public Task<IReadOnlyList<AuditEvent>> List(OrganizationId organization, AuditFilter filter, Guid before, int limit, CancellationToken cancel) =>
        Select(organization, Where(filter, before), limit, cancel);

    /// <summary>Null if there is no such event in this organization.</summary>
    public async Task<AuditEvent?> Get(OrganizationId organization, Guid id, CancellationToken cancel) =>
        (await Select(organization, $"and e.id = {id}", 1, cancel)).SingleOrDefault();

    private Task<IReadOnlyList<AuditEvent>> Select(OrganizationId organization, Sql where, int limit, CancellationToken cancel) =>
        database.Tenant(organization, null).Query<AuditEvent>($"""
            select e.id, e.occurred_at, e.type, e.action, e.result, e.actor_kind, e.actor_id, e.actor_label, e.network,
                e.resource_kind, e.resource_id, e.resource_name, e.content,
                l.index, l.leaf, l.chain, p.chain as previous_chain
            from audit_events e
            left join audit_leaves l on l.organization_id = e.organization_id and l.event_id = e.id
            left join audit_leaves p on p.organization_id = e.organization_id and p.index = l.index - 1
            where e.organization_id = {organization} {where}
            order by e.id desc
            limit {limit}
            """, cancel);

    private static Sql Where(AuditFilter filter, Guid before)
    {
        Sql where = $"and e.id < {before}";
        if (filter.Type is { } type)
            where = $"{where} and e.type = {type}";
        if (filter.Action is { } action)
            where = $"{where} and e.action = {action}";
        if (filter.Result is { } result)
            where = $"{where} and e.result = {result}";
        if (filter.ResourceKind is { } kind)
            where = $"{where} and e.resource_kind = {kind}";
        if (filter.ResourceId is { } resource)
            where = $"{where} and e.resource_id = {resource}";
        if (filter.ActorId is { } actor)
            where = $"{where} and e.actor_id = {actor}";
        // Ids carry their time, so a range of time prunes partitions.
        if (filter.From is { } from)
            where = $"{where} and e.id >= {UuidTime.FirstAt(from)}";
        if (filter.To is { } to)
            where = $"{where} and e.id < {UuidTime.FirstAt(to)}";
        return where;
    }
}
