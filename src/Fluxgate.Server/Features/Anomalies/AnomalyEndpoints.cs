using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Anomalies;

internal static class AnomalyEndpoints
{
    public static void MapAnomalies(this IEndpointRouteBuilder routes)
    {
        var anomalies = routes.MapGroup("/v1/anomalies").WithTags("audit");
        anomalies.MapGet("", ListAnomalies.Handle).WithName("list_anomalies").Needs(Permissions.AuditRead);
        anomalies.MapPost("/{id:guid}/acknowledge", AcknowledgeAnomaly.Handle).WithName("acknowledge_anomaly").Needs(Permissions.AnomaliesWrite);
        var settings = routes.MapGroup("/v1/anomaly-settings").WithTags("settings");
        settings.MapGet("", GetAnomalySettings.Handle).WithName("get_anomaly_settings").Needs(Permissions.AuditRead);
        // Whoever switches a kind off is not warned any more: as little for a reader of the audit as any other setting.
        settings.MapPut("", UpdateAnomalySettings.Handle).WithName("update_anomaly_settings").Needs(Permissions.OrganizationWrite);
    }
}
