using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Runs;

/// <summary>A run in a list. <paramref name="ParentRunId"/> is the run that called it, by its step <paramref name="ParentNode"/>; <paramref name="RetryOf"/> the one that this one takes up again.</summary>
public sealed record RunSummary(
    RunId Id, WorkflowId WorkflowId, string WorkflowName, int WorkflowVersion, RunStatus Status, string TriggerType,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? ErrorCode, RunId? ParentRunId, string? ParentNode, RunId? RetryOf);

internal static class ListRuns
{
    /// <summary>Newest first, of one workflow or all, in one state or any, of all that a run has called or whoever started them.</summary>
    public static async Task<Reply<Page<RunSummary>>> Handle(
        OrganizationCaller caller, PageQuery page, Guid? workflow_id, Guid? parent_run_id, string? status, Database database, CancellationToken cancel)
    {
        if (status is not null && !SnakeCase.TryParse<RunStatus>(status, out _))
            return Error.Invalid("run.status", $"status is one of {string.Join(", ", Enum.GetValues<RunStatus>().Select(SnakeCase.From))}.");
        var rows = await database.As(caller).Query<RunSummary>($"""
            select r.id, r.workflow_id, w.name as workflow_name, r.workflow_version, r.status, r.trigger_type, r.started_at, r.finished_at, r.error_code, r.parent_run_id, r.parent_node, r.retry_of
            from runs r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
            where r.organization_id = {caller.Organization} and {Reach.Workflows(caller, Permissions.RunsRead, Right.View)} and r.id < {page.Before}
              and ({workflow_id}::uuid is null or r.workflow_id = {workflow_id}) and ({parent_run_id}::uuid is null or r.parent_run_id = {parent_run_id}) and ({status}::text is null or r.status = {status})
            order by r.id desc
            limit {page.Limit + 1}
            """, cancel);
        return Page<RunSummary>.Of(rows, page.Limit, r => r.Id.Value);
    }
}
