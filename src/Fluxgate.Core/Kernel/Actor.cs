namespace Fluxgate.Core.Kernel;

public enum ActorKind
{
    Anonymous,
    User,
    ApiKey,
    Run,
    System,
}

/// <summary>Who acts. <paramref name="Id"/> is the user, key or run; <paramref name="Label"/> is what a person reads (an e-mail address, a key's prefix).</summary>
public sealed record Actor(ActorKind Kind, Guid? Id, string Label)
{
    /// <summary>Address of the request, without port; null where there was none.</summary>
    public string? Network { get; init; }

    public static Actor System(string label) => new(ActorKind.System, null, label);
}
