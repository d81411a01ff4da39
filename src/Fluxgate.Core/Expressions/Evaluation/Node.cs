namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>A compiled operation. It answers a value or a fault, and throws nothing.</summary>
internal abstract class Node(int position)
{
    public int Position => position;

    public abstract CelValue Evaluate(ref Frame frame);

    /// <summary>Marks a fault that has no place yet as this operation's; a value passes.</summary>
    protected CelValue Placed(CelValue value)
    {
        if (value.IsFault && value.Fault.Position < 0)
            value.Fault.Position = position;
        return value;
    }

    protected CelValue Fail(string code, string message) => CelValue.Failed(new CelFault(code, message) { Position = position });

    protected CelValue NoOverload(string message) => Fail("expression.no_such_overload", message);
}

internal sealed class ConstantNode(int position, CelValue value) : Node(position)
{
    public CelValue Value => value;

    public override CelValue Evaluate(ref Frame frame) => value;
}

/// <summary>A variable of a loop or of cel.bind.</summary>
internal sealed class LocalNode(int position, int slot) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame) => frame.Locals[slot];
}

/// <summary>A name of the scope, or the type that the name denotes.</summary>
internal sealed class VariableNode(int position, string name) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame) =>
        frame.Scope.TryGet(name, out var value) || CelTypes.Denotations.TryGetValue(name, out value)
            ? value
            : Fail("expression.undeclared", $"There is no '{name}' here.");
}

/// <summary>
/// A dotted path that may be one name of the scope, or a name and fields of its value: the longest name wins, and
/// within one length the innermost container.
/// </summary>
internal sealed class PathNode(int position, string[] path, string? container, Node plain) : Node(position)
{
    private readonly string[][] candidates = [.. Enumerable.Range(1, path.Length).Select(length => Candidates(string.Join('.', path.Take(length)), container))];
    private readonly CelValue? type = CelTypes.Denotations.TryGetValue(string.Join('.', path), out var denoted) ? denoted : null;

    public override CelValue Evaluate(ref Frame frame)
    {
        if (container is not null || frame.Scope.HasQualifiedNames)
        {
            for (var length = path.Length; length > 0; length--)
            {
                foreach (var name in candidates[length - 1])
                {
                    if (frame.Scope.TryGet(name, out var value))
                        return Fields(value, length);
                }
            }
        }
        return type is { } denoted && !frame.Scope.TryGet(path[0], out _) ? denoted : plain.Evaluate(ref frame);
    }

    private CelValue Fields(CelValue value, int from)
    {
        for (var i = from; i < path.Length && !value.IsFault; i++)
            value = Access.Select(value, path[i], optional: false);
        return Placed(value);
    }

    private static string[] Candidates(string name, string? container)
    {
        List<string> names = [];
        for (var prefix = container; !string.IsNullOrEmpty(prefix); prefix = prefix.LastIndexOf('.') is var dot and > 0 ? prefix[..dot] : null)
            names.Add($"{prefix}.{name}");
        names.Add(name);
        return [.. names];
    }
}
