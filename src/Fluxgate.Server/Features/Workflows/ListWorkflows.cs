using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

internal static class ListWorkflows
{
    /// <summary>Newest first, of one folder or all; archived ones are left out.</summary>
    public static async Task<Reply<Page<WorkflowSummary>>> Handle(OrganizationCaller caller, PageQuery page, Guid? folder_id, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<WorkflowSummary>($"""
            select w.id, w.name, w.state, w.published_version, w.draft is not null as has_draft, w.revision, w.created_at, w.updated_at, s.next_at as next_run_at, w.folder_id
            from workflows w left join schedules s on s.organization_id = w.organization_id and s.workflow_id = w.id and w.state = 'published'
            where w.organization_id = {caller.Organization} and w.state <> 'archived' and ({folder_id}::uuid is null or w.folder_id = {folder_id}) and {Reach.Workflows(caller, Permissions.WorkflowsRead, Right.View, Right.Edit, Right.Run)} and w.id < {page.Before}
            order by w.id desc
            limit {page.Limit + 1}
            """, cancel);
        return Page<WorkflowSummary>.Of(rows, page.Limit, w => w.Id.Value);
    }
}
