using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Left out, the filter is every run that failed, timed out or was cancelled and was not taken up again yet.</summary>
public sealed record RetryRunsRequest(RunFilter? Filter = null, RetryVersion Version = RetryVersion.Same);

/// <summary><paramref name="More"/>: there are further runs that match; ask again. <paramref name="Refused"/> counts reasons by their code.</summary>
public sealed record RetryRunsResponse(int Matched, int Started, IReadOnlyDictionary<string, int> Refused, bool More);

internal static class RetryRuns
{
    private static readonly RunStatus[] Among = [RunStatus.Failed, RunStatus.TimedOut, RunStatus.Cancelled];

    /// <summary>Each run is taken up once: a repeat of the request, and another request, find it taken.</summary>
    public static async Task<Reply<RetryRunsResponse>> Handle(
        OrganizationCaller caller, RetryRunsRequest request, Database database, RunRetries retries, AuditLog audit, CancellationToken cancel)
    {
        var filter = request.Filter ?? new RunFilter();
        if (filter.Fault(Among) is { } invalid)
            return invalid;
        var session = database.As(caller);
        var (matched, more) = await filter.Find(session, caller, Among, Permissions.RunsStart, Right.Run, untaken: true, cancel);
        var started = 0;
        var refused = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var run in matched)
        {
            var retried = await retries.Start(caller, run, null, request.Version, $"all:{run}", cancel);
            if (retried.Error is { } error)
                refused[error.Code] = refused.GetValueOrDefault(error.Code) + 1;
            else
                started++;
        }
        await session.Transact(transaction => audit.Append(transaction, caller.Organization, new AuditEntry("run.retried_all", "execute", caller.Actor, new AuditResource("run", null, null))
        {
            Details = filter.Details(new JsonObject { ["matched"] = matched.Count, ["started"] = started }),
        }, cancel), cancel);
        return new RetryRunsResponse(matched.Count, started, refused, more);
    }
}
