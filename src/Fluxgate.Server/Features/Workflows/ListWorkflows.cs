using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class ListWorkflows
{
    /// <summary>Newest first; archived ones are left out.</summary>
    public static async Task<Reply<Page<WorkflowSummary>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<WorkflowSummary>($"""
            select id, name, state, published_version, draft is not null as has_draft, revision, created_at, updated_at
            from workflows
            where organization_id = {caller.Organization} and state <> 'archived' and id < {page.Before}
            order by id desc
            limit {page.Limit + 1}
            """, cancel);
        return Page<WorkflowSummary>.Of(rows, page.Limit, w => w.Id.Value);
    }
}
