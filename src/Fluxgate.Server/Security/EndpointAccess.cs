namespace Fluxgate.Server.Security;

public enum AccessKind
{
    /// <summary>Anybody, signed in or not.</summary>
    Open,

    /// <summary>A signed-in person, outside any organization.</summary>
    Person,

    /// <summary>A member or key of the organization, with a permission.</summary>
    Organization,
}

/// <summary>Who may call an endpoint. Every endpoint declares exactly one; one without it stops the start.</summary>
public sealed record EndpointAccess(AccessKind Kind, Permission? Permission, string? Reason);

/// <summary>Marks a request that changes much, but nothing of who may do what: what is known of keys stays known.</summary>
internal sealed record ChangesNoAccess;

public static class EndpointAccessExtensions
{
    /// <summary>Open to everybody; <paramref name="reason"/> is read by whoever reviews the list of open endpoints.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder builder, string reason) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new EndpointAccess(AccessKind.Open, null, reason));

    public static TBuilder NeedsPerson<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new EndpointAccess(AccessKind.Person, null, null));

    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new EndpointAccess(AccessKind.Organization, permission, null));

    /// <summary>Throws, naming each endpoint that declares no access or several.</summary>
    public static void RefuseUndeclaredAccess(this IEndpointRouteBuilder routes)
    {
        var faulty = routes.DataSources.SelectMany(s => s.Endpoints)
            .Where(e => e.Metadata.GetOrderedMetadata<EndpointAccess>().Count != 1)
            .Select(e => e.DisplayName)
            .ToList();
        if (faulty.Count > 0)
            throw new InvalidOperationException($"These endpoints do not declare exactly one access: {string.Join("; ", faulty)}.");
    }
}
