using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>The nodes that make one value of a list: <c>filter</c> and <c>aggregate</c>.</summary>
internal static class ListSteps
{
    /// <summary>The step's output; errors <c>list.not_a_list</c>, <c>list.not_a_bool</c>, <c>aggregate.…</c> and those of expressions.</summary>
    public static Result<CelValue> Run(Node node, CelValue settings, CelScope scope)
    {
        if (!settings.TryGetMember("items", out var items) || items.Kind != CelKind.List)
            return Error.Refused("list.not_a_list", "'items' gives a list.");
        return node.Type == NodeTypes.Filter ? Filter(node, items.AsList, scope) : Aggregate(node, settings, items.AsList, scope);
    }

    private static Result<CelValue> Filter(Node node, IReadOnlyList<CelValue> items, CelScope scope)
    {
        var stays = Each(node, "where", items, scope);
        if (stays.Error is { } error)
            return error;
        if (stays.Value.FirstOrDefault(s => s.Kind != CelKind.Bool, CelValue.From(true)).Kind != CelKind.Bool)
            return Error.Refused("list.not_a_bool", "'where' gives true or false for each item.");
        return CelValue.List([.. items.Where((_, i) => stays.Value[i].AsBool)]);
    }

    private static Result<CelValue> Aggregate(Node node, CelValue settings, IReadOnlyList<CelValue> items, CelScope scope)
    {
        settings.TryGetMember("function", out var function);
        Result<CelValue[]> values = node.PerItem.ContainsKey("value") ? Each(node, "value", items, scope) : items.ToArray();
        if (values.Error is { } error)
            return error;
        if (!node.PerItem.ContainsKey("group_by"))
            return Make(function.AsString, values.Value);
        var keys = Each(node, "group_by", items, scope);
        if (keys.Error is { } badKey)
            return badKey;
        // Keys are equal as CEL has it: 1 and 1.0 are one group, "1" is another.
        var groups = new OrderedDictionary<CelValue, List<CelValue>>();
        for (var i = 0; i < items.Count; i++)
        {
            var key = keys.Value[i];
            if (key.Kind is not (CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool or CelKind.Null))
                return Error.Refused("aggregate.group_by", "'group_by' gives text, a number, a bool or null for each item.");
            if (!groups.TryGetValue(key, out var group))
                groups.Add(key, group = []);
            group.Add(values.Value[i]);
        }
        var made = new List<CelValue>(groups.Count);
        foreach (var (key, group) in groups)
        {
            var value = Make(function.AsString, group);
            if (value.Error is { } failed)
                return failed;
            made.Add(CelValue.Map(("key", key), ("value", value.Value)));
        }
        return CelValue.List(made);
    }

    private static Result<CelValue> Make(string function, IReadOnlyList<CelValue> values) => function switch
    {
        "list" => CelValue.List(values),
        "count" => CelValue.From((long)values.Count),
        "sum" => Sum(values),
        "average" => Average(values),
        "min" => Extreme(values, sign: -1),
        _ => Extreme(values, sign: 1),
    };

    /// <summary>Whole as long as all are; of nothing it is 0.</summary>
    private static Result<CelValue> Sum(IReadOnlyList<CelValue> values)
    {
        var (whole, isWhole, real) = ((Int128)0, true, 0.0);
        foreach (var value in values)
        {
            if (Number(value) is not { } number)
                return NotNumbers;
            real += number;
            isWhole = isWhole && value.Kind == CelKind.Int;
            if (isWhole)
                whole += value.AsInt;
        }
        if (!isWhole)
            return CelValue.From(real);
        return whole >= long.MinValue && whole <= long.MaxValue ? CelValue.From((long)whole) : Error.Refused("aggregate.overflow", "The sum is beyond whole numbers of 64 bits.");
    }

    /// <summary>Of nothing it is null.</summary>
    private static Result<CelValue> Average(IReadOnlyList<CelValue> values)
    {
        if (values.Count == 0)
            return CelValue.Null;
        var sum = 0.0;
        foreach (var value in values)
        {
            if (Number(value) is not { } number)
                return NotNumbers;
            sum += number;
        }
        return CelValue.From(sum / values.Count);
    }

    /// <summary>Of numbers, or of texts by their code points; of nothing it is null.</summary>
    private static Result<CelValue> Extreme(IReadOnlyList<CelValue> values, int sign)
    {
        if (values.Count == 0)
            return CelValue.Null;
        var best = values[0];
        foreach (var value in values)
        {
            int order;
            if (value.Kind == CelKind.String && best.Kind == CelKind.String)
                order = CodePoints.Compare(value.AsString, best.AsString);
            else if (Number(value) is { } number && Number(best) is { } other)
                order = value.Kind == CelKind.Int && best.Kind == CelKind.Int ? value.AsInt.CompareTo(best.AsInt) : number.CompareTo(other);
            else
                return Error.Refused("aggregate.not_comparable", "'min' and 'max' are of numbers, or of texts.");
            if (order * sign > 0)
                best = value;
        }
        return best;
    }

    private static double? Number(CelValue value) => value.Kind switch
    {
        CelKind.Int => value.AsInt,
        CelKind.Uint => value.AsUint,
        CelKind.Double => value.AsDouble,
        _ => null,
    };

    private static Error NotNumbers => Error.Refused("aggregate.not_a_number", "'sum' and 'average' are of numbers.");

    private static Result<CelValue[]> Each(Node node, string setting, IReadOnlyList<CelValue> items, CelScope scope) =>
        node.PerItem[setting].EvaluateEach(items.Select((item, i) => new ItemScope(scope, item, i)));

    private sealed class ItemScope(CelScope outer, CelValue item, int index) : CelScope
    {
        public override bool TryCall(string function, string literal, out CelValue value) => outer.TryCall(function, literal, out value);

        public override bool TryGet(string name, out CelValue value)
        {
            switch (name)
            {
                case "item":
                    value = item;
                    return true;
                case "index":
                    value = CelValue.From((long)index);
                    return true;
                default:
                    return outer.TryGet(name, out value);
            }
        }
    }
}
