using System.Reflection;
using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;
using Microsoft.OpenApi;

namespace Fluxgate.Server.Http;

/// <summary>The OpenAPI 3.1 document: one set of paths under two servers.</summary>
internal static class OpenApiDocument
{
    public static void AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Fluxgate", Version = "v1", Description = "Paths of an organization are served under /v1 for API keys and under /v1/orgs/{org} for people." };
            document.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Ids are structs with one Guid; on the wire they are text.
            if (typeof(IId).IsAssignableFrom(Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type))
            {
                schema.Type = JsonSchemaType.String;
                schema.Format = "uuid";
                schema.Properties = null;
                schema.Required = null;
            }
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var access = context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointAccess>().SingleOrDefault();
            if (access?.Permission is { } permission)
                operation.Description = $"Needs the permission `{permission}`.";
            var handler = context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault();
            if (handler?.GetParameters().Any(p => p.ParameterType == typeof(PageQuery)) == true)
                operation.Parameters = [.. operation.Parameters ?? [], .. Paging()];
            return Task.CompletedTask;
        });
    });

    /// <summary>The framework cannot look into a type that binds itself: <see cref="PageQuery"/>.</summary>
    private static OpenApiParameter[] Paging() =>
    [
        new() { Name = "limit", In = ParameterLocation.Query, Description = "Entries of a page.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "200", Default = 50 } },
        new() { Name = "cursor", In = ParameterLocation.Query, Description = "The `next_cursor` of the page before.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
    ];

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").IsOpen("the description of the API is public");
}
