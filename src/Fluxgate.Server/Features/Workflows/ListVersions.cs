using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>A published version. <paramref name="Sha256"/> (hex) is of the document's text.</summary>
public sealed record WorkflowVersionSummary(int Version, string Sha256, UserId? PublishedBy, DateTimeOffset PublishedAt);

internal static class ListVersions
{
    /// <summary>Newest first, up to 200.</summary>
    public static async Task<Reply<Page<WorkflowVersionSummary>>> Handle(OrganizationCaller caller, WorkflowId id, WorkflowStore store, Database database, CancellationToken cancel)
    {
        if (await store.Find(caller, id, cancel) is null)
            return WorkflowErrors.NotFound;
        return new Page<WorkflowVersionSummary>(await database.As(caller).Query<WorkflowVersionSummary>($"""
            select version, encode(sha256, 'hex') as sha256, published_by, published_at
            from workflow_versions where organization_id = {caller.Organization} and workflow_id = {id}
            order by version desc limit 200
            """, cancel), null);
    }
}
