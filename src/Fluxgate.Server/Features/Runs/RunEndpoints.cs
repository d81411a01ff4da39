using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security.Access;
using Fluxgate.Server.Security.Limits;
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
        routes.MapPost("/v1/workflows/{id}/runs", StartRun.Handle).WithName("start_run").WithTags("runs").Needs(Permissions.RunsStart).On(ResourceKind.Workflow, Right.Run).WithMetadata(new ChangesNoAccess());
        var runs = routes.MapGroup("/v1/runs").WithTags("runs");
        runs.MapGet("", ListRuns.Handle).WithName("list_runs").Needs(Permissions.RunsRead).Filtered(ResourceKind.Workflow);
        runs.MapGet("/{id}", GetRun.Handle).WithName("get_run").Needs(Permissions.RunsRead).OnRun(Right.View);
        runs.MapGet("/{id}/journal", GetJournal.Handle).WithName("get_run_journal").Needs(Permissions.RunsRead).OnRun(Right.View);
        runs.MapGet("/{id}/events", StreamRunEvents.Handle).WithName("stream_run_events").Needs(Permissions.RunsRead).OnRun(Right.View);
        runs.MapPost("/{id}/reveal", RevealRun.Handle).WithName("reveal_run").Needs(Permissions.RunsReveal).OnRun(Right.View);
        runs.MapPost("/{id}/signals", SendSignal.Handle).WithName("send_run_signal").Needs(Permissions.RunsSignal).OnRun(Right.Run);
        runs.MapPost("/{id}/retry", RetryRun.Handle).WithName("retry_run").Needs(Permissions.RunsStart).OnRun(Right.Run);
        runs.MapPost("/retry", RetryRuns.Handle).WithName("retry_runs").Costs(20).Needs(Permissions.RunsStart).Filtered(ResourceKind.Workflow, Right.Run);
        runs.MapPost("/cancel", CancelRuns.Handle).WithName("cancel_runs").Costs(20).Needs(Permissions.RunsCancel);
        runs.MapPost("/{id}/steps/{node}/outcome", DecideOutcome.Handle).WithName("decide_step_outcome").Needs(Permissions.RunsSignal).OnRun(Right.Run);
        runs.MapPost("/{id}/cancel", CancelRun.Handle).WithName("cancel_run").Needs(Permissions.RunsCancel).OnRun(Right.View);
    }
}
