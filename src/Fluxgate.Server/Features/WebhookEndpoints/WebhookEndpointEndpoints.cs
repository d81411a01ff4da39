using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WebhookEndpoints;

internal static class WebhookEndpointEndpoints
{
    public static void MapWebhookEndpoints(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("/v1/webhook-endpoints").WithTags("webhooks");
        endpoints.MapGet("", ListWebhookEndpoints.Handle).WithName("list_webhook_endpoints").Needs(Permissions.WebhooksRead);
        endpoints.MapPost("", CreateWebhookEndpoint.Handle).WithName("create_webhook_endpoint").WithMetadata(new ShowsSecret()).Needs(Permissions.WebhooksWrite);
        endpoints.MapDelete("/{id:guid}", DeleteWebhookEndpoint.Handle).WithName("delete_webhook_endpoint").Needs(Permissions.WebhooksWrite);
        endpoints.MapGet("/{id:guid}/deliveries", ListDeliveries.Handle).WithName("list_webhook_deliveries").Needs(Permissions.WebhooksRead);
    }
}
