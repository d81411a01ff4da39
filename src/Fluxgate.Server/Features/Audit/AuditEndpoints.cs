using Fluxgate.Data.Audit;
using Fluxgate.Engine.Sealing;
using Fluxgate.Server.Security.Limits;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Audit;

internal static class AuditEndpoints
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditSignal>().AddSingleton<AuditLog>().AddSingleton<AuditQueries>().AddSingleton<AuditVerifier>();
        services.AddHostedService<AuditSealer>();
    }

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/v1/audit-events").WithTags("audit");
        events.MapGet("", ListAuditEvents.Handle).WithName("list_audit_events").Needs(Permissions.AuditRead);
        events.MapGet("/{id:guid}", GetAuditEvent.Handle).WithName("get_audit_event").Needs(Permissions.AuditRead);
        events.MapGet("/{id:guid}/verify", VerifyAuditEvent.Handle).WithName("verify_audit_event").Needs(Permissions.AuditRead);

        var log = routes.MapGroup("/v1/audit").WithTags("audit");
        log.MapPost("/verify", VerifyAuditLog.Handle).WithName("verify_audit_log").Costs(50).Needs(Permissions.AuditRead);
    }
}
