using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Retention;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Retention;

/// <summary>
/// How long ended runs of a workflow are kept: those older than <paramref name="MaxAgeDays"/> go, and those beyond the newest
/// <paramref name="MaxCount"/>; the newest <paramref name="MinCount"/> stay in any case.
/// </summary>
public sealed record RetentionPolicy(int? MaxAgeDays = null, int? MaxCount = null, int MinCount = 0);

/// <summary>A workflow with a policy of its own.</summary>
public sealed record WorkflowRetention(WorkflowId WorkflowId, string WorkflowName, RetentionPolicy Policy);

/// <summary>A folder with a policy for its workflows.</summary>
public sealed record FolderRetention(Guid FolderId, string FolderName, RetentionPolicy Policy);

/// <summary>The organization's policy, which holds for every workflow without one of its own or of its folder; null keeps runs for ever. No policy may keep less than <paramref name="LeastDays"/> and <paramref name="LeastCount"/>.</summary>
public sealed record RetentionResponse(RetentionPolicy? Organization, IReadOnlyList<FolderRetention> Folders, IReadOnlyList<WorkflowRetention> Workflows, int LeastDays, int LeastCount);

internal static class GetRetention
{
    private sealed record Row(WorkflowId? WorkflowId, Guid? FolderId, string? Name, int? MaxAgeDays, int? MaxCount, int MinCount)
    {
        public RetentionPolicy Policy => new(MaxAgeDays, MaxCount, MinCount);
    }

    public static async Task<Reply<RetentionResponse>> Handle(OrganizationCaller caller, Database database, RetentionOptions options, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<Row>($"""
            select r.workflow_id, r.folder_id, coalesce(w.name, f.name) as name, r.max_age_days, r.max_count, r.min_count
            from run_retention r left join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
            left join folders f on f.organization_id = r.organization_id and f.id = r.folder_id
            where r.organization_id = {caller.Organization} and (r.workflow_id is null or {Reach.Workflows(caller, Permissions.OrganizationRead, Right.View)})
              and (r.folder_id is null or {Reach.Folders(caller, Permissions.OrganizationRead, Right.View)})
            order by 3
            """, cancel);
        return new RetentionResponse(
            rows.SingleOrDefault(r => r.WorkflowId is null && r.FolderId is null)?.Policy,
            [.. rows.Where(r => r.FolderId is not null).Select(r => new FolderRetention(r.FolderId!.Value, r.Name!, r.Policy))],
            [.. rows.Where(r => r.WorkflowId is not null).Select(r => new WorkflowRetention(r.WorkflowId!.Value, r.Name!, r.Policy))],
            options.LeastRunDays, options.LeastRunCount);
    }
}
