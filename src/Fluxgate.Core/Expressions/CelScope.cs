namespace Fluxgate.Core.Expressions;

/// <summary>The names that an expression sees. Nothing else of the host is reachable from one.</summary>
public abstract class CelScope
{
    /// <summary>Whether names of this scope hold dots (<c>a.b</c>), so that <c>a.b.c</c> is looked up longest name first.</summary>
    public virtual bool HasQualifiedNames => false;

    public abstract bool TryGet(string name, out CelValue value);

    /// <summary>Answers a call that takes one literal, <c>kv("name")</c>; see <see cref="CelProgram.LiteralCalls"/>.</summary>
    public virtual bool TryCall(string function, string literal, out CelValue value)
    {
        value = default;
        return false;
    }
}

/// <summary>A scope of fixed names.</summary>
public sealed class DictionaryScope(IReadOnlyDictionary<string, CelValue> variables) : CelScope
{
    public static DictionaryScope Empty { get; } = new(new Dictionary<string, CelValue>());

    public override bool HasQualifiedNames { get; } = variables.Keys.Any(name => name.Contains('.', StringComparison.Ordinal));

    public override bool TryGet(string name, out CelValue value) => variables.TryGetValue(name, out value);
}
