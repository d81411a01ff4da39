namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>
/// A chain of &amp;&amp; or ||. One operand that decides the answer absorbs every fault of the others, in any order
/// (language definition, "Logical operators"); a spent budget is not absorbed.
/// </summary>
internal sealed class LogicalNode(int position, bool isAnd, Node[] operands) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        CelValue? fault = null;
        foreach (var operand in operands)
        {
            var value = operand.Evaluate(ref frame);
            if (value.Kind == CelKind.Bool)
            {
                if (value.RawBool != isAnd)
                    return value;
            }
            else if (value.IsFault && value.Fault.Fatal)
                return value;
            else
                fault ??= value.IsFault ? value : NoOverload($"{(isAnd ? "&&" : "||")} takes bool, not {CelTypes.NameOf(value)}.");
        }
        return fault ?? CelValue.From(isAnd);
    }
}

internal sealed class NotNode(int position, Node operand) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.Kind == CelKind.Bool ? CelValue.From(!value.RawBool)
            : value.IsFault ? value
            : NoOverload($"! takes bool, not {CelTypes.NameOf(value)}.");
    }
}

internal sealed class ConditionalNode(int position, Node condition, Node then, Node otherwise) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var value = condition.Evaluate(ref frame);
        if (value.Kind == CelKind.Bool)
            return value.RawBool ? then.Evaluate(ref frame) : otherwise.Evaluate(ref frame);
        return value.IsFault ? value : NoOverload($"? : takes bool, not {CelTypes.NameOf(value)}.");
    }
}

internal sealed class EqualNode(int position, Node left, Node right, bool expected) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var a = left.Evaluate(ref frame);
        if (a.IsFault)
            return a;
        var b = right.Evaluate(ref frame);
        if (b.IsFault)
            return b;
        return frame.Charge(Math.Min(a.Weight, b.Weight)) ? CelValue.From(CelEquality.Equal(a, b) == expected) : frame.Exhausted;
    }
}

internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed class CompareNode(int position, Comparison comparison, Node left, Node right) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var a = left.Evaluate(ref frame);
        if (a.IsFault)
            return a;
        var b = right.Evaluate(ref frame);
        if (b.IsFault)
            return b;
        if (!CelEquality.Ordered(a, b))
            return NoOverload($"{CelTypes.NameOf(a)} and {CelTypes.NameOf(b)} have no order.");
        if (!frame.Charge(Math.Min(a.Weight, b.Weight)))
            return frame.Exhausted;
        var order = CelEquality.Compare(a, b);
        return CelValue.From(comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        });
    }
}

internal sealed class InNode(int position, Node left, Node right) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var sought = left.Evaluate(ref frame);
        if (sought.IsFault)
            return sought;
        var container = right.Evaluate(ref frame);
        if (container.IsFault)
            return container;
        if (container.Kind == CelKind.Map)
            return CelValue.From(container.RawMap.TryGetValue(sought, out _));
        if (container.Kind != CelKind.List)
            return NoOverload($"'in' takes a list or a map, not {CelTypes.NameOf(container)}.");
        var items = container.RawList;
        if (!frame.Charge(items.Length * sought.Weight))
            return frame.Exhausted;
        foreach (ref readonly var item in items.AsSpan())
        {
            if (CelEquality.Equal(item, sought))
                return CelValue.True;
        }
        return CelValue.False;
    }
}
