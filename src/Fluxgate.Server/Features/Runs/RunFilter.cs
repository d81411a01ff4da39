using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Which runs a request is about: those that match all that is given. The oldest come first, <paramref name="Limit"/> (1–1000) of them.</summary>
public sealed record RunFilter(
    WorkflowId? WorkflowId = null, RunStatus? Status = null, string? ErrorCode = null, DateTimeOffset? StartedFrom = null, DateTimeOffset? StartedBefore = null, int Limit = 1000)
{
    internal const int Most = 1000;
    private const int CodeCharacters = 200;

    internal Error? Fault(IReadOnlyCollection<RunStatus> among) => new Checks()
        .That(Limit is >= 1 and <= Most, "/limit", "range", $"Between 1 and {Most}.")
        .That(Status is null || among.Contains(Status.Value), "/status", "choice", $"One of {string.Join(", ", among.Select(SnakeCase.From))}.")
        .Text(ErrorCode ?? "", "/error_code", 0, CodeCharacters)
        .Error();

    /// <summary>The runs, and whether there are more. One that was taken up again already is not in <paramref name="untaken"/>.</summary>
    internal async Task<(IReadOnlyList<RunId> Runs, bool More)> Find(Session session, OrganizationCaller caller, IReadOnlyCollection<RunStatus> among, Permission needed, Right right, bool untaken, CancellationToken cancel)
    {
        var statuses = (Status is { } one ? [one] : among).Select(SnakeCase.From).ToArray();
        var found = await session.Query<RunId>($"""
            select r.id from runs r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
            where r.organization_id = {caller.Organization} and {Reach.Workflows(caller, needed, right)} and r.status = any ({statuses})
              and ({WorkflowId?.Value}::uuid is null or r.workflow_id = {WorkflowId?.Value}) and ({ErrorCode}::text is null or r.error_code = {ErrorCode})
              and ({StartedFrom}::timestamptz is null or r.started_at >= {StartedFrom}) and ({StartedBefore}::timestamptz is null or r.started_at < {StartedBefore})
              and (not {untaken} or not exists (select from runs n where n.organization_id = r.organization_id and n.retry_of = r.id))
            order by r.id
            limit {Limit + 1}
            """, cancel);
        return ([.. found.Take(Limit)], found.Count > Limit);
    }

    internal JsonObject Details(JsonObject counts)
    {
        (counts["workflow_id"], counts["status"], counts["error_code"]) = (WorkflowId?.ToString(), Status is { } status ? SnakeCase.From(status) : null, ErrorCode);
        (counts["started_from"], counts["started_before"]) = (StartedFrom, StartedBefore);
        return counts;
    }
}
