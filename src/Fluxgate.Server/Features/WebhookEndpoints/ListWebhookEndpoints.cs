using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WebhookEndpoints;

public sealed record WebhookEndpointResponse(Guid Id, string Name, string Url, string[] EventTypes, bool Enabled, DateTimeOffset CreatedAt);

internal static class ListWebhookEndpoints
{
    public static async Task<Reply<Page<WebhookEndpointResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<WebhookEndpointResponse>($"""
            select id, name, url, event_types, enabled, created_at from webhook_endpoints
            where organization_id = {caller.Organization} and id < {page.Before}
            order by id desc limit {page.Limit + 1}
            """, cancel);
        return Page<WebhookEndpointResponse>.Of(rows, page.Limit, e => e.Id);
    }
}
