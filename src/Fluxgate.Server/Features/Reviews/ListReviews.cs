using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Reviews;

internal static class ListReviews
{
    /// <summary>Newest first; <c>?state=pending</c> is the inbox.</summary>
    public static async Task<Reply<Page<ReviewSummary>>> Handle(
        OrganizationCaller caller, PageQuery page, string? state, ReviewAccess access, Database database, CancellationToken cancel)
    {
        if (state is not null && !SnakeCase.TryParse<ReviewState>(state, out _))
            return Error.Invalid("review.state", $"state is one of {string.Join(", ", Enum.GetValues<ReviewState>().Select(SnakeCase.From))}.");
        var names = (await access.NamesOf(caller, cancel)).Select(n => n.ToLowerInvariant()).ToArray();
        var rows = await database.As(caller).Query<ReviewRow>($"""
            {ReviewAccess.Selection(caller)}
            where r.organization_id = {caller.Organization} and r.id < {page.Before} and ({state}::text is null or r.state = {state})
              and ({ReviewAccess.ReachesRuns(caller)} or cardinality(r.approvers) = 0 or exists (select from unnest(r.approvers) a where lower(a) = any ({names})))
            order by r.id desc
            limit {page.Limit + 1}
            """, cancel);
        var summaries = new List<ReviewSummary>();
        foreach (var row in rows)
        {
            var (title, _) = await access.Open(caller, row, cancel);
            summaries.Add(new ReviewSummary(row.Id, title, row.State, row.RunId, row.WorkflowName, row.CreatedAt, row.ExpiresAt, row.DecidedLabel, row.DecidedAt));
        }
        return Page<ReviewSummary>.Of(summaries, page.Limit, r => r.Id);
    }
}
