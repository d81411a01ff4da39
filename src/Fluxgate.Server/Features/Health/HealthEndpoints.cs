using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Storage;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.Health;

/// <summary>Open and free of detail: a probe learns whether to send traffic, nothing else.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").IsOpen("probes have no credential").LimitedAs(LimitClass.None).ExcludeFromDescription();
        group.MapGet("", () => Results.Text("ok"));
        group.MapGet("/live", () => Results.Text("ok"));
        group.MapGet("/ready", Ready);
    }

    private static async Task<IResult> Ready(Database database, StorageGuard storage, CancellationToken cancel)
    {
        try
        {
            await database.Ping(cancel);
            // Ready all the same: people must see what is there, and runs that are under way must end.
            return Results.Text(storage.Refusal is null ? "ready" : "ready, but takes no new runs");
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException)
        {
            return Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
