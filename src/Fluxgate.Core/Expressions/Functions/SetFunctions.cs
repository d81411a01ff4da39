using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The sets extension: lists read as sets.</summary>
internal static class SetFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new("sets.contains", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Compare("contains", a, ref f, (x, y) => Array.TrueForAll(y, item => x.Contains(item)))),
        new("sets.intersects", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Compare("intersects", a, ref f, (x, y) => Array.Exists(y, item => x.Contains(item)))),
        new("sets.equivalent", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Compare("equivalent", a, ref f, (x, y) =>
            Array.TrueForAll(y, item => x.Contains(item)) && Array.TrueForAll(x, item => y.Contains(item)))),
    ];

    private static CelValue Compare(string name, scoped ReadOnlySpan<CelValue> a, ref Frame frame, Func<CelValue[], CelValue[], bool> relation)
    {
        if (a[0].Kind != CelKind.List || a[1].Kind != CelKind.List)
            return Faults.WrongArguments("sets." + name, a);
        var cost = 2.0 * a[0].Weight * a[1].Weight;
        return frame.Charge(cost < int.MaxValue ? (long)cost : int.MaxValue) ? CelValue.From(relation(a[0].RawList, a[1].RawList)) : frame.Exhausted;
    }
}
