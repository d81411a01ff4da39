using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Left out, the filter is every run that is not finished.</summary>
public sealed record CancelRunsRequest(RunFilter? Filter = null);

/// <summary>How many were asked to end; each does so where it lives. <paramref name="More"/>: there are further ones that match; ask again.</summary>
public sealed record CancelRunsResponse(int Matched, bool More);

internal static class CancelRuns
{
    private static readonly RunStatus[] Among = [RunStatus.Queued, RunStatus.Running, RunStatus.Waiting];

    public static async Task<Reply<CancelRunsResponse>> Handle(
        OrganizationCaller caller, CancelRunsRequest request, Database database, RunSignals signals, RunHost runs, AuditLog audit, CancellationToken cancel)
    {
        var filter = request.Filter ?? new RunFilter();
        if (filter.Fault(Among) is { } invalid)
            return invalid;
        var session = database.As(caller);
        var (matched, more) = await filter.Find(session, caller, Among, Permissions.RunsCancel, Right.View, untaken: false, cancel);
        await session.Transact(async transaction =>
        {
            foreach (var run in matched)
                await signals.Send(transaction, caller.Organization, run, new CancelRequested(caller.Actor.Label), cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("run.cancelled_all", "update", caller.Actor, new AuditResource("run", null, null))
            {
                Details = filter.Details(new JsonObject { ["matched"] = matched.Count }),
            }, cancel);
        }, cancel);
        foreach (var run in matched)
            await runs.Wake(caller.Organization, run, cancel);
        return new CancelRunsResponse(matched.Count, more);
    }
}
