using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WorkflowTests;

/// <summary>A recorded run of a workflow. <paramref name="Version"/> is the one that ran; <paramref name="Calls"/> counts its attempts at steps that reach outside.</summary>
public sealed record WorkflowTestSummary(string Name, RunId RunId, int Version, int Calls, DateTimeOffset RecordedAt);

internal static class ListTests
{
    /// <summary>All tests of the workflow, by name; there are at most 100.</summary>
    public static async Task<Reply<Page<WorkflowTestSummary>>> Handle(OrganizationCaller caller, WorkflowId id, WorkflowTestStore store, Database database, CancellationToken cancel)
    {
        if (!await store.HasWorkflow(caller, id, cancel))
            return WorkflowErrors.NotFound;
        return new Page<WorkflowTestSummary>(await database.As(caller).Query<WorkflowTestSummary>($"""
            select name, run_id, workflow_version as version, calls, recorded_at from workflow_tests
            where organization_id = {caller.Organization} and workflow_id = {id}
            order by name limit {WorkflowTestStore.Most}
            """, cancel), null);
    }
}
