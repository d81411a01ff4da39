namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>cel.bind(name, value, body).</summary>
internal sealed class BindNode(int position, int slot, Node bound, Node body) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var value = bound.Evaluate(ref frame);
        if (value.IsFault)
            return value;
        frame.Locals[slot] = value;
        return body.Evaluate(ref frame);
    }
}

/// <summary>optMap(x, body), whose result is wrapped again, and optFlatMap(x, body), whose result is an optional already.</summary>
internal sealed class OptionalMapNode(int position, int slot, Node operand, Node body, bool flat) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var optional = operand.Evaluate(ref frame);
        if (optional.IsFault)
            return optional;
        if (optional.Kind != CelKind.Optional)
            return NoOverload($"{(flat ? "optFlatMap" : "optMap")}() is for optionals, not {CelTypes.NameOf(optional)}.");
        if (!optional.RawHasValue)
            return optional;
        frame.Locals[slot] = optional.RawOptional;
        var value = body.Evaluate(ref frame);
        if (value.IsFault)
            return value;
        if (!flat)
            return Placed(Frame.Built(CelValue.Some(value)));
        return value.Kind == CelKind.Optional ? value : NoOverload($"optFlatMap() makes an optional, not {CelTypes.NameOf(value)}.");
    }
}

/// <summary>optional.or(other) and optional.orValue(value); the argument is evaluated only if it is needed.</summary>
internal sealed class OptionalOrNode(int position, Node operand, Node other, bool unwrap) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var optional = operand.Evaluate(ref frame);
        if (optional.IsFault)
            return optional;
        if (optional.Kind != CelKind.Optional)
            return NoOverload($"{(unwrap ? "orValue" : "or")}() is for optionals, not {CelTypes.NameOf(optional)}.");
        if (optional.RawHasValue)
            return unwrap ? optional.RawOptional : optional;
        var value = other.Evaluate(ref frame);
        return value.IsFault || unwrap || value.Kind == CelKind.Optional ? value : NoOverload($"or() takes an optional, not {CelTypes.NameOf(value)}.");
    }
}
