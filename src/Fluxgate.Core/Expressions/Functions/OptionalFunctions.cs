using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The optional extension, but for or and orValue, which evaluate their argument only when needed.</summary>
internal static class OptionalFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new("optional.none", 0, 0, (scoped ReadOnlySpan<CelValue> _, ref Frame _) => CelValue.None),
        new("optional.of", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => Frame.Built(CelValue.Some(a[0]))),
        new("optional.ofNonZeroValue", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => IsZero(a[0]) ? CelValue.None : Frame.Built(CelValue.Some(a[0]))),
        new("optional.unwrap", 1, 1, Unwrap),
        new(".unwrapOpt", 1, 1, Unwrap),
        new(".hasValue", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => a[0].Kind == CelKind.Optional ? CelValue.From(a[0].RawHasValue) : Faults.WrongArguments("hasValue", a)),
        new(".value", 1, 1, Value),
    ];

    private static CelValue Value(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.Optional)
            return Faults.WrongArguments("value", a);
        return a[0].RawHasValue ? a[0].RawOptional : CelValue.Failed(new CelFault("expression.no_value", "The optional holds no value."));
    }

    private static CelValue Unwrap(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.List)
            return Faults.WrongArguments("optional.unwrap", a);
        if (!frame.Charge(a[0].RawList.Length))
            return frame.Exhausted;
        List<CelValue> held = [];
        foreach (ref readonly var item in a[0].RawList.AsSpan())
        {
            if (item.Kind != CelKind.Optional)
                return Faults.WrongArguments("optional.unwrap", a);
            if (item.RawHasValue)
                held.Add(item.RawOptional);
        }
        return CelValue.OwnedList([.. held]);
    }

    private static bool IsZero(in CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration => value.RawInt == 0,
        CelKind.Double => value.RawDouble == 0,
        CelKind.String => value.RawString.Length == 0,
        CelKind.Bytes => value.RawBytes.Length == 0,
        CelKind.List => value.RawList.Length == 0,
        CelKind.Map => value.RawMap.Count == 0,
        CelKind.Timestamp => value.RawSeconds == 0 && value.RawNanoseconds == 0,
        CelKind.Optional => !value.RawHasValue,
        _ => false,
    };
}
