using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WebhookEndpoints;

public enum DeliveryState
{
    Pending,
    Succeeded,
    Failed,
}

/// <summary>One event to one endpoint. <paramref name="LastStatus"/> is the HTTP status of the last attempt that was answered.</summary>
public sealed record DeliveryResponse(Guid Id, Guid EventId, string EventType, DeliveryState State, int Attempts, int? LastStatus, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

internal static class ListDeliveries
{
    public static async Task<Reply<Page<DeliveryResponse>>> Handle(OrganizationCaller caller, Guid id, PageQuery page, Database database, CancellationToken cancel)
    {
        var session = database.As(caller);
        if (!await session.QueryOne<bool>($"select exists (select from webhook_endpoints where organization_id = {caller.Organization} and id = {id})", cancel))
            return Error.NotFound("webhook_endpoint");
        var rows = await session.Query<DeliveryResponse>($"""
            select d.id, d.event_id, d.event_type, d.state, d.attempts, a.status as last_status, a.error_code as last_error, d.created_at, d.finished_at
            from deliveries d
            left join delivery_attempts a on a.organization_id = d.organization_id and a.delivery_id = d.id and a.attempt = d.attempts
            where d.organization_id = {caller.Organization} and d.endpoint_id = {id} and d.id < {page.Before}
            order by d.id desc limit {page.Limit + 1}
            """, cancel);
        return Page<DeliveryResponse>.Of(rows, page.Limit, d => d.Id);
    }
}
