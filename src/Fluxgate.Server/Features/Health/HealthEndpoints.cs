using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Health;

/// <summary>Open and free of detail: a probe learns whether to send traffic, nothing else.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").IsOpen("probes have no credential").ExcludeFromDescription();
        group.MapGet("", () => Results.Text("ok"));
        group.MapGet("/live", () => Results.Text("ok"));
        group.MapGet("/ready", Ready);
    }

    private static async Task<IResult> Ready(Database database, CancellationToken cancel)
    {
        try
        {
            await database.Ping(cancel);
            return Results.Text("ready");
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException)
        {
            return Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
