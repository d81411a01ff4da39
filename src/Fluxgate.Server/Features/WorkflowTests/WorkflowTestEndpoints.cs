using Fluxgate.Server.Security.Access;
using Fluxgate.Server.Security.Limits;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WorkflowTests;

internal static class WorkflowTestEndpoints
{
    public static void AddWorkflowTests(this IServiceCollection services) => services.AddSingleton<WorkflowTestStore>().AddSingleton<TestBench>();

    public static void MapWorkflowTests(this IEndpointRouteBuilder routes)
    {
        var workflow = routes.MapGroup("/v1/workflows/{id}").WithTags("workflows");
        workflow.MapGet("/tests", ListTests.Handle).WithName("list_workflow_tests").Needs(Permissions.WorkflowsRead).On(ResourceKind.Workflow, Right.View);
        workflow.MapGet("/tests/{name}", GetTest.Handle).WithName("get_workflow_test").Needs(Permissions.RunsRead).On(ResourceKind.Workflow, Right.View);
        workflow.MapPut("/tests/{name}", RecordTest.Handle).WithName("record_workflow_test").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Workflow, Right.Edit);
        workflow.MapDelete("/tests/{name}", DeleteTest.Handle).WithName("delete_workflow_test").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Workflow, Right.Edit);
        workflow.MapPost("/test", TestWorkflow.Handle).WithName("test_workflow").Costs(10).Needs(Permissions.RunsRead).On(ResourceKind.Workflow, Right.View);
    }
}
