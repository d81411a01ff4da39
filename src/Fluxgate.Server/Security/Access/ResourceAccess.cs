using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Security.Access;

/// <summary>
/// On an endpoint: its route names one resource, on which the caller needs <paramref name="Right"/> beside the endpoint's
/// permission. The gate asks before the handler runs. <paramref name="OfRun"/>: the route names a run, and the resource is
/// its workflow.
/// </summary>
public sealed record ResourceAccess(ResourceKind Kind, Right Right, bool OfRun)
{
    /// <summary>The answer of the endpoint to an id that does not exist, which is also the one to whom cannot see it.</summary>
    internal Error NotFound => Error.NotFound(OfRun ? "run" : SnakeCase.From(Kind));
}

/// <summary>On an endpoint without a resource in its route whose handler filters by <see cref="Reach"/>: who acts on grants comes in too.</summary>
public sealed record FilteredAccess(ResourceKind Kind, Right Right);

public static class ResourceAccessExtensions
{
    /// <summary>The caller needs <paramref name="right"/> on the resource that <c>{id}</c> names.</summary>
    public static TBuilder On<TBuilder>(this TBuilder builder, ResourceKind kind, Right right) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ResourceAccess(kind, right, false));

    /// <summary>The caller needs <paramref name="right"/> on the workflow of the run that <c>{id}</c> names.</summary>
    public static TBuilder OnRun<TBuilder>(this TBuilder builder, Right right) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ResourceAccess(ResourceKind.Workflow, right, true));

    /// <summary>The handler leaves out what the caller has no right on.</summary>
    public static TBuilder Filtered<TBuilder>(this TBuilder builder, ResourceKind kind, Right right = Right.View) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new FilteredAccess(kind, right));

    private static readonly (string Prefix, ResourceKind Kind)[] Collections =
    [
        ("/v1/workflows/{id", ResourceKind.Workflow), ("/v1/runs/{id", ResourceKind.Workflow), ("/v1/folders/{id", ResourceKind.Folder),
        ("/v1/connectors/{id", ResourceKind.Connector), ("/v1/credentials/{id", ResourceKind.Credential),
    ];

    /// <summary>Throws, naming each endpoint whose route names a resource and that does not say which right on it is needed.</summary>
    public static void RefuseUndeclaredResources(this IEndpointRouteBuilder routes)
    {
        var faulty = routes.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => !IsDeclared(e.RoutePattern.RawText ?? "", e.Metadata.GetMetadata<ResourceAccess>()))
            .Select(e => e.DisplayName)
            .ToList();
        if (faulty.Count > 0)
            throw new InvalidOperationException($"These endpoints do not say which right on the resource of their route is needed: {string.Join("; ", faulty)}.");
    }

    internal static bool IsDeclared(string route, ResourceAccess? access)
    {
        var collection = Array.Find(Collections, c => route.StartsWith(c.Prefix, StringComparison.Ordinal));
        return collection.Prefix is null ? access is null : access?.Kind == collection.Kind && access.OfRun == route.StartsWith("/v1/runs/", StringComparison.Ordinal);
    }
}
