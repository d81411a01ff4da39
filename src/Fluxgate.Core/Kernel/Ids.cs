using System.Diagnostics.CodeAnalysis;

namespace Fluxgate.Core.Kernel;

/// <summary>An id of one kind of thing, so that the compiler refuses another kind's. Text form: UUID.</summary>
public interface IId
{
    Guid Value { get; }
}

/// <inheritdoc cref="IId"/>
public interface IId<TSelf> : IId, IParsable<TSelf> where TSelf : struct, IId<TSelf>
{
    static abstract TSelf From(Guid value);

    static TSelf Parse(string s) => TSelf.From(Guid.Parse(s));

    static TSelf IParsable<TSelf>.Parse(string s, IFormatProvider? provider) => TSelf.From(Guid.Parse(s));

    static bool TryParse([NotNullWhen(true)] string? s, out TSelf result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = TSelf.From(value);
        return parsed;
    }

    static bool IParsable<TSelf>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TSelf result) =>
        TryParse(s, out result);
}

public readonly record struct OrganizationId(Guid Value) : IId<OrganizationId>
{
    public static OrganizationId From(Guid value) => new(value);
    public static bool TryParse(string? s, out OrganizationId id) => IId<OrganizationId>.TryParse(s, out id);
    public override string ToString() => Value.ToString();
}

public readonly record struct UserId(Guid Value) : IId<UserId>
{
    public static UserId From(Guid value) => new(value);
    public static bool TryParse(string? s, out UserId id) => IId<UserId>.TryParse(s, out id);
    public override string ToString() => Value.ToString();
}

public readonly record struct WorkflowId(Guid Value) : IId<WorkflowId>
{
    public static WorkflowId From(Guid value) => new(value);
    public static bool TryParse(string? s, out WorkflowId id) => IId<WorkflowId>.TryParse(s, out id);
    public override string ToString() => Value.ToString();
}

public readonly record struct RunId(Guid Value) : IId<RunId>
{
    public static RunId From(Guid value) => new(value);
    public static bool TryParse(string? s, out RunId id) => IId<RunId>.TryParse(s, out id);
    public override string ToString() => Value.ToString();
}
