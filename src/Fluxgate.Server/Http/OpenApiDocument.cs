using System.Reflection;
using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;
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
                operation.Description = $"Needs the permission `{permission}`{Right(context.Description.ActionDescriptor.EndpointMetadata)}.";
            if (operation.Responses?.TryGetValue("400", out var problem) == true)
                operation.Responses["429"] = TooMany(problem);
            var handler = context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault();
            if (handler?.GetParameters().Any(p => p.ParameterType == typeof(PageQuery)) == true)
                operation.Parameters = [.. operation.Parameters ?? [], .. Paging()];
            return Task.CompletedTask;
        });
    });

    /// <summary>What the gate may say before any handler: the limits.</summary>
    private static OpenApiResponse TooMany(IOpenApiResponse problem) => new()
    {
        Description = "Too many requests; Retry-After says how many seconds to wait, RateLimit and RateLimit-Policy how the limits stand.",
        Content = problem.Content is { } content ? new Dictionary<string, OpenApiMediaType>(content) : null,
        Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            ["RateLimit"] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            ["RateLimit-Policy"] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };

    /// <summary>What is needed on the resource that the path names.</summary>
    private static string Right(IList<object> metadata)
    {
        var permission = metadata.OfType<EndpointAccess>().Single().Permission!;
        if (metadata.OfType<ResourceAccess>().FirstOrDefault() is not { } access)
            return metadata.OfType<FilteredAccess>().FirstOrDefault() is { } filtered && Rights.StandFor(filtered.Kind, filtered.Right, permission) ? "; roles that act by grants get what those open alone" : "";
        var resource = access.OfRun ? "workflow of the run" : SnakeCase.From(access.Kind);
        return Rights.StandFor(access.Kind, access.Right, permission)
            ? $" on a {resource} that is everybody's, or a grant to {SnakeCase.From(access.Right)} it"
            : $", and to {SnakeCase.From(access.Right)} the {resource}";
    }

    /// <summary>The framework cannot look into a type that binds itself: <see cref="PageQuery"/>.</summary>
    private static OpenApiParameter[] Paging() =>
    [
        new() { Name = "limit", In = ParameterLocation.Query, Description = "Entries of a page.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "200", Default = 50 } },
        new() { Name = "cursor", In = ParameterLocation.Query, Description = "The `next_cursor` of the page before.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
    ];

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").IsOpen("the description of the API is public");
}
