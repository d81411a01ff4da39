using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

internal static class RunEndpoints
{
    public static void AddRuns(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<RunOptions>(configuration, RunOptions.Section);
        services.AddSingleton<RunReader>().AddSingleton<RunFeeds>().AddSingleton<StreamPlaces>().AddSingleton<RunRetries>();
    }

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/workflows/{id}/runs", StartRun.Handle).WithName("start_run").WithTags("runs").Needs(Permissions.RunsStart);
        var runs = routes.MapGroup("/v1/runs").WithTags("runs");
        runs.MapGet("", ListRuns.Handle).WithName("list_runs").Needs(Permissions.RunsRead);
        runs.MapGet("/{id}", GetRun.Handle).WithName("get_run").Needs(Permissions.RunsRead);
        runs.MapGet("/{id}/journal", GetJournal.Handle).WithName("get_run_journal").Needs(Permissions.RunsRead);
        runs.MapGet("/{id}/events", StreamRunEvents.Handle).WithName("stream_run_events").Needs(Permissions.RunsRead);
        runs.MapPost("/{id}/reveal", RevealRun.Handle).WithName("reveal_run").Needs(Permissions.RunsReveal);
        runs.MapPost("/{id}/signals", SendSignal.Handle).WithName("send_run_signal").Needs(Permissions.RunsSignal);
        runs.MapPost("/{id}/retry", RetryRun.Handle).WithName("retry_run").Needs(Permissions.RunsStart);
        runs.MapPost("/retry", RetryRuns.Handle).WithName("retry_runs").Needs(Permissions.RunsStart);
        runs.MapPost("/cancel", CancelRuns.Handle).WithName("cancel_runs").Needs(Permissions.RunsCancel);
        runs.MapPost("/{id}/steps/{node}/outcome", DecideOutcome.Handle).WithName("decide_step_outcome").Needs(Permissions.RunsSignal);
        runs.MapPost("/{id}/cancel", CancelRun.Handle).WithName("cancel_run").Needs(Permissions.RunsCancel);
    }
}
