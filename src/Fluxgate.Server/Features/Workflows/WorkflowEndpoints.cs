using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

internal static class WorkflowEndpoints
{
    public static void AddWorkflows(this IServiceCollection services) => services.AddSingleton<WorkflowStore>().AddSingleton<WorkflowChecks>();

    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        var workflows = routes.MapGroup("/v1/workflows").WithTags("workflows");
        workflows.MapGet("", ListWorkflows.Handle).WithName("list_workflows").Needs(Permissions.WorkflowsRead).Filtered(ResourceKind.Workflow);
        workflows.MapPost("", CreateWorkflow.Handle).WithName("create_workflow").Needs(Permissions.WorkflowsWrite);
        workflows.MapPost("/validate", ValidateWorkflow.Handle).WithName("validate_workflow").Needs(Permissions.WorkflowsRead).Filtered(ResourceKind.Workflow);
        workflows.MapGet("/{id}", GetWorkflow.Handle).WithName("get_workflow").Needs(Permissions.WorkflowsRead).On(ResourceKind.Workflow, Right.View);
        workflows.MapPost("/{id}/draft", OpenDraft.Handle).WithName("open_workflow_draft").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Workflow, Right.Edit);
        workflows.MapPut("/{id}/draft", SaveDraft.Handle).WithName("save_workflow_draft").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Workflow, Right.Edit);
        workflows.MapPost("/{id}/publish", PublishWorkflow.Handle).WithName("publish_workflow").Needs(Permissions.WorkflowsPublish).On(ResourceKind.Workflow, Right.Edit);
        workflows.MapPost("/{id}/pause", ChangeState.Pause).WithName("pause_workflow").Needs(Permissions.WorkflowsPublish).On(ResourceKind.Workflow, Right.Edit);
        workflows.MapPost("/{id}/resume", ChangeState.Resume).WithName("resume_workflow").Needs(Permissions.WorkflowsPublish).On(ResourceKind.Workflow, Right.Edit);
        workflows.MapPost("/{id}/archive", ChangeState.Archive).WithName("archive_workflow").Needs(Permissions.WorkflowsPublish).On(ResourceKind.Workflow, Right.Edit);
        workflows.MapPost("/{id}/clone", CloneWorkflow.Handle).WithName("clone_workflow").Needs(Permissions.WorkflowsWrite).On(ResourceKind.Workflow, Right.View);
        workflows.MapGet("/{id}/versions", ListVersions.Handle).WithName("list_workflow_versions").Needs(Permissions.WorkflowsRead).On(ResourceKind.Workflow, Right.View);
        routes.MapGet("/v1/node-types", ListNodeTypes.Handle).WithName("list_node_types").WithTags("workflows").Needs(Permissions.WorkflowsRead);
        workflows.MapGet("/{id}/versions/{version:int}", GetVersion.Handle).WithName("get_workflow_version").Needs(Permissions.WorkflowsRead).On(ResourceKind.Workflow, Right.View);
    }
}
