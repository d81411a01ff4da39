using Fluxgate.Core.Expressions.Functions;

namespace Fluxgate.Core.Expressions.Evaluation;

internal sealed class SelectNode(int position, Node operand, string field, bool optional) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.IsFault ? value : Placed(Access.Select(value, field, optional));
    }
}

/// <summary>has(operand.field).</summary>
internal sealed class HasNode(int position, Node operand, string field) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.IsFault ? value : Placed(Access.Has(value, field));
    }
}

internal sealed class IndexNode(int position, Node operand, Node key, bool optional) : Node(position)
{
    private readonly string name = key is ConstantNode literal ? $"key {Faults.Excerpt(literal.Value)}" : "such key";

    public override CelValue Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        if (value.IsFault)
            return value;
        var at = key.Evaluate(ref frame);
        return at.IsFault ? at : Placed(Access.Index(value, at, optional, name));
    }
}

internal sealed class ListNode(int position, Node[] items, bool[] optional) : Node(position)
{
    private readonly bool anyOptional = optional.Contains(true);

    public override CelValue Evaluate(ref Frame frame)
    {
        var values = new CelValue[items.Length];
        var count = 0;
        for (var i = 0; i < items.Length; i++)
        {
            var value = items[i].Evaluate(ref frame);
            if (value.IsFault)
                return value;
            if (anyOptional && optional[i])
            {
                if (value.Kind != CelKind.Optional)
                    return NoOverload($"[?…] takes an optional, not {CelTypes.NameOf(value)}.");
                if (!value.TryGetOptional(out value))
                    continue;
            }
            values[count++] = value;
        }
        return Placed(Frame.Built(CelValue.OwnedList(count == values.Length ? values : values[..count])));
    }
}

internal sealed class MapNode(int position, (Node Key, Node Value, bool Optional)[] entries) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var values = new KeyValuePair<CelValue, CelValue>[entries.Length];
        var count = 0;
        foreach (var entry in entries)
        {
            var key = entry.Key.Evaluate(ref frame);
            if (key.IsFault)
                return key;
            var value = entry.Value.Evaluate(ref frame);
            if (value.IsFault)
                return value;
            if (entry.Optional)
            {
                if (value.Kind != CelKind.Optional)
                    return NoOverload($"{{?…}} takes an optional, not {CelTypes.NameOf(value)}.");
                if (!value.TryGetOptional(out value))
                    continue;
            }
            values[count++] = new(key, value);
        }
        return Create(count == values.Length ? values : values[..count]);
    }

    private CelValue Create(KeyValuePair<CelValue, CelValue>[] values) => CelMap.TryCreate(values, out var fault) is { } map
        ? Placed(Frame.Built(CelValue.FromMap(map)))
        : Fail("expression.invalid_argument", fault!);
}
