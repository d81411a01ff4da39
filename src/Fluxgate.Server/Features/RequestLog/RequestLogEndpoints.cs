using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.RequestLog;

namespace Fluxgate.Server.Features.RequestLog;

internal static class RequestLogEndpoints
{
    public static void AddRequestLog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<RequestLogOptions>(configuration, RequestLogOptions.Section);
        services.AddSingleton<Watermark>().AddSingleton<Security.RequestLog.RequestLog>().AddHostedService(s => s.GetRequiredService<Security.RequestLog.RequestLog>());
    }

    public static void MapRequestLog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/request-log", ListRequests.Handle).WithName("list_requests").WithTags("audit").Needs(Permissions.AuditRead);
        routes.MapGet("/v1/watermarks/{watermark}", TraceWatermark.Handle).WithName("trace_watermark").WithTags("audit").Needs(Permissions.AuditRead);
    }
}
