using Fluxgate.Engine.Retention;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Retention;

internal static class RetentionEndpoints
{
    public static void AddRetention(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSection<RetentionOptions>(configuration, RetentionOptions.Section);

    public static void MapRetention(this IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/v1/settings/retention").WithTags("settings");
        settings.MapGet("", GetRetention.Handle).WithName("get_retention").Needs(Permissions.OrganizationRead);
        settings.MapPut("", SetRetention.OfOrganization).WithName("set_retention").Needs(Permissions.OrganizationWrite);
        settings.MapDelete("", RemoveRetention.OfOrganization).WithName("remove_retention").Needs(Permissions.OrganizationWrite);
        var folder = routes.MapGroup("/v1/folders/{id:guid}/retention").WithTags("settings");
        folder.MapPut("", SetRetention.OfFolder).WithName("set_folder_retention").Needs(Permissions.OrganizationWrite).On(ResourceKind.Folder, Right.Edit);
        folder.MapDelete("", RemoveRetention.OfFolder).WithName("remove_folder_retention").Needs(Permissions.OrganizationWrite).On(ResourceKind.Folder, Right.Edit);
        var workflow = routes.MapGroup("/v1/workflows/{id}/retention").WithTags("settings");
        workflow.MapPut("", SetRetention.OfWorkflow).WithName("set_workflow_retention").Needs(Permissions.OrganizationWrite).On(ResourceKind.Workflow, Right.Edit);
        workflow.MapDelete("", RemoveRetention.OfWorkflow).WithName("remove_workflow_retention").Needs(Permissions.OrganizationWrite).On(ResourceKind.Workflow, Right.Edit);
    }
}
