namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>What a loop's header binds: one variable (item, or key of a map), or two (index and item, key and value).</summary>
internal readonly record struct LoopHeader(Node Range, int First, int Second, int BodySize);

internal abstract class LoopNode(int position, string name, LoopHeader header) : Node(position)
{
    public sealed override CelValue Evaluate(ref Frame frame)
    {
        var range = header.Range.Evaluate(ref frame);
        if (range.IsFault)
            return range;
        return range.Kind is CelKind.List or CelKind.Map
            ? Loop(range, range.Kind == CelKind.List ? range.RawList.Length : range.RawMap.Count, ref frame)
            : NoOverload($"{name}() goes over a list or a map, not {CelTypes.NameOf(range)}.");
    }

    protected abstract CelValue Loop(in CelValue range, int count, ref Frame frame);

    /// <summary>Binds the variables for one round and pays for its body; false if the budget is spent.</summary>
    protected bool Enter(in CelValue range, int round, ref Frame frame)
    {
        var two = header.Second >= 0;
        if (range.Kind == CelKind.List)
        {
            ref readonly var item = ref range.RawList[round];
            frame.Locals[header.First] = two ? CelValue.From((long)round) : item;
            if (two)
                frame.Locals[header.Second] = item;
        }
        else
        {
            ref readonly var entry = ref range.RawMap.Entries[round];
            frame.Locals[header.First] = entry.Key;
            if (two)
                frame.Locals[header.Second] = entry.Value;
        }
        return frame.Charge(header.BodySize);
    }

    protected CelValue NotBool(in CelValue value) =>
        value.IsFault ? value : NoOverload($"The condition of {name}() is a bool, not {CelTypes.NameOf(value)}.");
}

/// <summary>all() and exists(): a chain of &amp;&amp; or || over the items, with the same absorption of faults.</summary>
internal sealed class QuantifierNode(int position, bool all, LoopHeader header, Node body) : LoopNode(position, all ? "all" : "exists", header)
{
    protected override CelValue Loop(in CelValue range, int count, ref Frame frame)
    {
        CelValue? fault = null;
        for (var round = 0; round < count; round++)
        {
            if (!Enter(range, round, ref frame))
                return frame.Exhausted;
            var value = body.Evaluate(ref frame);
            if (value.Kind == CelKind.Bool)
            {
                if (value.RawBool != all)
                    return value;
            }
            else if (value.IsFault && value.Fault.Fatal)
                return value;
            else
                fault ??= NotBool(value);
        }
        return fault ?? CelValue.From(all);
    }
}

internal sealed class ExistsOneNode(int position, LoopHeader header, Node body) : LoopNode(position, "exists_one", header)
{
    protected override CelValue Loop(in CelValue range, int count, ref Frame frame)
    {
        var found = 0;
        for (var round = 0; round < count; round++)
        {
            if (!Enter(range, round, ref frame))
                return frame.Exhausted;
            var value = body.Evaluate(ref frame);
            if (value.Kind != CelKind.Bool)
                return NotBool(value);
            found += value.RawBool ? 1 : 0;
        }
        return CelValue.From(found == 1);
    }
}

/// <summary>map(), filter() and transformList().</summary>
internal sealed class TransformListNode(int position, string name, LoopHeader header, Node? filter, Node body) : LoopNode(position, name, header)
{
    protected override CelValue Loop(in CelValue range, int count, ref Frame frame)
    {
        var results = new List<CelValue>(filter is null ? count : 0);
        for (var round = 0; round < count; round++)
        {
            if (!Enter(range, round, ref frame))
                return frame.Exhausted;
            if (filter is not null)
            {
                var wanted = filter.Evaluate(ref frame);
                if (wanted.Kind != CelKind.Bool)
                    return NotBool(wanted);
                if (!wanted.RawBool)
                    continue;
            }
            var value = body.Evaluate(ref frame);
            if (value.IsFault)
                return value;
            results.Add(value);
        }
        return Placed(Frame.Built(CelValue.OwnedList([.. results])));
    }
}

/// <summary>transformMap(), whose body is the new value, and transformMapEntry(), whose body is a map of new entries.</summary>
internal sealed class TransformMapNode(int position, bool entries, LoopHeader header, Node? filter, Node body)
    : LoopNode(position, entries ? "transformMapEntry" : "transformMap", header)
{
    protected override CelValue Loop(in CelValue range, int count, ref Frame frame)
    {
        var results = new List<KeyValuePair<CelValue, CelValue>>();
        for (var round = 0; round < count; round++)
        {
            if (!Enter(range, round, ref frame))
                return frame.Exhausted;
            if (filter is not null)
            {
                var wanted = filter.Evaluate(ref frame);
                if (wanted.Kind != CelKind.Bool)
                    return NotBool(wanted);
                if (!wanted.RawBool)
                    continue;
            }
            var value = body.Evaluate(ref frame);
            if (value.IsFault)
                return value;
            if (!entries)
                results.Add(new(range.Kind == CelKind.Map ? range.RawMap.Entries[round].Key : CelValue.From((long)round), value));
            else if (value.Kind != CelKind.Map)
                return NoOverload($"transformMapEntry() makes maps, not {CelTypes.NameOf(value)}.");
            else if (!frame.Charge(value.RawMap.Count))
                return frame.Exhausted;
            else
                results.AddRange(value.RawMap.Entries);
        }
        return CelMap.TryCreate([.. results], out var fault) is { } map
            ? Placed(Frame.Built(CelValue.FromMap(map)))
            : Fail("expression.invalid_argument", fault!);
    }
}

/// <summary>list.sortBy(x, key): stable, by keys that have an order among themselves.</summary>
internal sealed class SortByNode(int position, LoopHeader header, Node body) : LoopNode(position, "sortBy", header)
{
    protected override CelValue Loop(in CelValue range, int count, ref Frame frame)
    {
        if (range.Kind != CelKind.List)
            return NoOverload("sortBy() sorts a list.");
        var keys = new CelValue[count];
        for (var round = 0; round < count; round++)
        {
            if (!Enter(range, round, ref frame))
                return frame.Exhausted;
            keys[round] = body.Evaluate(ref frame);
            if (keys[round].IsFault)
                return keys[round];
        }
        return Placed(Functions.ListFunctions.Sort(range.RawList, keys, ref frame));
    }
}
