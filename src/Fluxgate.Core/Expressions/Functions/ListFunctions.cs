using System.Numerics;
using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The lists extension.</summary>
internal static class ListFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new("lists.range", 1, 1, Range),
        new(".slice", 3, 3, Slice),
        new(".flatten", 1, 2, Flatten),
        new(".distinct", 1, 1, Distinct),
        new(".reverse", 1, 1, Reverse),
        new(".sort", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => a[0].Kind == CelKind.List ? Sort(a[0].RawList, a[0].RawList, ref f) : Faults.WrongArguments("list.sort", a)),
        new(".first", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => End("first", a, 0)),
        new(".last", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => End("last", a, 1)),
    ];

    /// <summary>The items in the order of their keys, which share a type with an order; equal keys keep their places.</summary>
    public static CelValue Sort(CelValue[] items, CelValue[] keys, ref Frame frame)
    {
        long weight = 0;
        foreach (ref readonly var key in keys.AsSpan())
        {
            if (!CelEquality.Ordered(key, keys[0]))
                return CelValue.Failed(CelFault.Overload($"A list of {CelTypes.NameOf(keys[0])} and {CelTypes.NameOf(key)} has no order."));
            weight += key.Weight;
        }
        if (!frame.Charge(weight * (1 + BitOperations.Log2((uint)keys.Length | 1))))
            return frame.Exhausted;
        int[] order = [.. Enumerable.Range(0, items.Length)];
        Array.Sort(order, (x, y) => CelEquality.Rank(keys[x], keys[y]) is var rank && rank != 0 ? rank : x.CompareTo(y));
        return CelValue.OwnedList([.. order.Select(at => items[at])]);
    }

    private static CelValue Range(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.Int)
            return Faults.WrongArguments("lists.range", a);
        var count = Math.Max(0, a[0].RawInt);
        if (!frame.Charge(count))
            return frame.Exhausted;
        var items = new CelValue[count];
        for (var i = 0; i < items.Length; i++)
            items[i] = CelValue.From((long)i);
        return Frame.Built(CelValue.OwnedList(items));
    }

    private static CelValue Slice(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.List || a[1].Kind != CelKind.Int || a[2].Kind != CelKind.Int)
            return Faults.WrongArguments("list.slice", a);
        var items = a[0].RawList;
        var (from, to) = (a[1].RawInt, a[2].RawInt);
        if (from < 0 || from > to || to > items.Length)
            return Faults.Index(from < 0 || from > items.Length ? from : to, items.Length);
        return frame.Charge(to - from) ? CelValue.OwnedList(items[(int)from..(int)to]) : frame.Exhausted;
    }

    private static CelValue Flatten(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.List || (a.Length == 2 && a[1].Kind != CelKind.Int))
            return Faults.WrongArguments("list.flatten", a);
        var levels = a.Length == 2 ? a[1].RawInt : 1;
        if (levels < 0)
            return Faults.Argument("flatten() takes a depth of 0 or more.");
        List<CelValue> flat = [];
        return Flatten(a[0].RawList, levels, flat, ref frame) ? Frame.Built(CelValue.OwnedList([.. flat])) : frame.Exhausted;
    }

    private static bool Flatten(CelValue[] items, long levels, List<CelValue> flat, ref Frame frame)
    {
        foreach (var item in items)
        {
            if (!frame.Charge(1))
                return false;
            if (item.Kind != CelKind.List || levels == 0)
                flat.Add(item);
            else if (!Flatten(item.RawList, levels - 1, flat, ref frame))
                return false;
        }
        return true;
    }

    private static CelValue Distinct(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.List)
            return Faults.WrongArguments("list.distinct", a);
        List<CelValue> kept = [];
        foreach (ref readonly var item in a[0].RawList.AsSpan())
        {
            // Hashes of lists and maps are coarse, so the honest price is a comparison with each kept item.
            if (!frame.Charge(1 + kept.Count * item.Weight))
                return frame.Exhausted;
            if (!kept.Contains(item))
                kept.Add(item);
        }
        return CelValue.OwnedList([.. kept]);
    }

    private static CelValue Reverse(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        switch (a[0].Kind)
        {
            case CelKind.List:
                var items = a[0].RawList;
                return frame.Charge(items.Length) ? CelValue.OwnedList([.. items.AsEnumerable().Reverse()]) : frame.Exhausted;
            case CelKind.String:
                return frame.Charge(a[0].Weight) ? StringFunctions.Reverse(a[0].RawString) : frame.Exhausted;
            default:
                return Faults.WrongArguments("reverse", a);
        }
    }

    private static CelValue End(string name, scoped ReadOnlySpan<CelValue> a, int fromEnd)
    {
        if (a[0].Kind != CelKind.List)
            return Faults.WrongArguments("list." + name, a);
        var items = a[0].RawList;
        return items.Length == 0 ? CelValue.None : CelValue.Some(items[fromEnd * (items.Length - 1)]);
    }
}
