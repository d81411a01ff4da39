namespace Fluxgate.Server.Security.Limits;

/// <summary>Which limits a request counts at. <see cref="Standard"/> is what an endpoint has that says nothing.</summary>
public enum LimitClass
{
    /// <summary>The caller's own limit, then the organization's; at an open endpoint the address's.</summary>
    Standard,

    /// <summary>A key counts a minute and an hour at the governance API instead of its ordinary limit; a person as ever.</summary>
    Governance,

    /// <summary>The handler knows whom to charge, and does.</summary>
    ByHandler,

    /// <summary>None: it costs less than the counting would.</summary>
    None,
}

internal sealed record LimitedAs(LimitClass Class);

internal sealed record RequestCost(int Tokens);

public static class RequestLimitExtensions
{
    /// <summary>Which limits the endpoint's requests count at.</summary>
    public static TBuilder LimitedAs<TBuilder>(this TBuilder builder, LimitClass limits) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new LimitedAs(limits));

    /// <summary>A request counts as <paramref name="tokens"/> ordinary ones; without this it counts as one.</summary>
    public static TBuilder Costs<TBuilder>(this TBuilder builder, int tokens) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequestCost(tokens));

    internal static LimitClass CountsAs(this Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<LimitedAs>()?.Class ?? LimitClass.Standard;

    internal static int Cost(this Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<RequestCost>()?.Tokens ?? 1;
}
