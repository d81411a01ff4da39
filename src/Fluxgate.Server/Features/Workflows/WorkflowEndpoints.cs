using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

internal static class WorkflowEndpoints
{
    public static void AddWorkflows(this IServiceCollection services) => services.AddSingleton<WorkflowStore>().AddSingleton<WorkflowChecks>();

    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        var workflows = routes.MapGroup("/v1/workflows").WithTags("workflows");
        workflows.MapGet("", ListWorkflows.Handle).WithName("list_workflows").Needs(Permissions.WorkflowsRead);
        workflows.MapPost("", CreateWorkflow.Handle).WithName("create_workflow").Needs(Permissions.WorkflowsWrite);
        workflows.MapPost("/validate", ValidateWorkflow.Handle).WithName("validate_workflow").Needs(Permissions.WorkflowsRead);
        workflows.MapGet("/{id}", GetWorkflow.Handle).WithName("get_workflow").Needs(Permissions.WorkflowsRead);
        workflows.MapPost("/{id}/draft", OpenDraft.Handle).WithName("open_workflow_draft").Needs(Permissions.WorkflowsWrite);
        workflows.MapPut("/{id}/draft", SaveDraft.Handle).WithName("save_workflow_draft").Needs(Permissions.WorkflowsWrite);
        workflows.MapPost("/{id}/publish", PublishWorkflow.Handle).WithName("publish_workflow").Needs(Permissions.WorkflowsPublish);
        workflows.MapPost("/{id}/pause", ChangeState.Pause).WithName("pause_workflow").Needs(Permissions.WorkflowsPublish);
        workflows.MapPost("/{id}/resume", ChangeState.Resume).WithName("resume_workflow").Needs(Permissions.WorkflowsPublish);
        workflows.MapPost("/{id}/archive", ChangeState.Archive).WithName("archive_workflow").Needs(Permissions.WorkflowsPublish);
        workflows.MapPost("/{id}/clone", CloneWorkflow.Handle).WithName("clone_workflow").Needs(Permissions.WorkflowsWrite);
        workflows.MapGet("/{id}/versions", ListVersions.Handle).WithName("list_workflow_versions").Needs(Permissions.WorkflowsRead);
        routes.MapGet("/v1/node-types", ListNodeTypes.Handle).WithName("list_node_types").WithTags("workflows").Needs(Permissions.WorkflowsRead);
        workflows.MapGet("/{id}/versions/{version:int}", GetVersion.Handle).WithName("get_workflow_version").Needs(Permissions.WorkflowsRead);
    }
}
