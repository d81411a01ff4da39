using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Templates;

internal static class TemplateEndpoints
{
    public static void MapTemplates(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/templates", ListTemplates.Handle).WithName("list_templates").WithTags("workflows").Needs(Permissions.WorkflowsRead);
}
