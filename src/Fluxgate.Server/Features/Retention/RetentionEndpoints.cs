using Fluxgate.Engine.Retention;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;

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
        var workflow = routes.MapGroup("/v1/workflows/{id}/retention").WithTags("settings");
        workflow.MapPut("", SetRetention.OfWorkflow).WithName("set_workflow_retention").Needs(Permissions.OrganizationWrite);
        workflow.MapDelete("", RemoveRetention.OfWorkflow).WithName("remove_workflow_retention").Needs(Permissions.OrganizationWrite);
    }
}
