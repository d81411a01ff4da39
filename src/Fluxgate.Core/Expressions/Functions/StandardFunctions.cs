using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The functions of the language definition itself, but for those on time.</summary>
internal static class StandardFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new("size", 1, 1, Size),
        new(".size", 1, 1, Size),
        new("dyn", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => a[0]),
        new("type", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => CelTypes.TypeOf(a[0])),
        new("int", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => f.Charge(a[0].Weight) ? Conversions.ToInt(a[0]) : f.Exhausted),
        new("uint", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => f.Charge(a[0].Weight) ? Conversions.ToUint(a[0]) : f.Exhausted),
        new("double", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => f.Charge(a[0].Weight) ? Conversions.ToDouble(a[0]) : f.Exhausted),
        new("bool", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => Conversions.ToBool(a[0])),
        new("string", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => f.Charge(a[0].Weight) ? Conversions.ToText(a[0]) : f.Exhausted),
        new("bytes", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => f.Charge(a[0].Weight) ? Conversions.ToBytes(a[0]) : f.Exhausted),
        new(".contains", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Search("contains", a, ref f)),
        new(".startsWith", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Search("startsWith", a, ref f)),
        new(".endsWith", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Search("endsWith", a, ref f)),
    ];

    private static CelValue Size(scoped ReadOnlySpan<CelValue> arguments, ref Frame frame)
    {
        ref readonly var value = ref arguments[0];
        switch (value.Kind)
        {
            case CelKind.String:
                return frame.Charge(value.Weight) ? CelValue.From((long)CodePoints.Count(value.RawString)) : frame.Exhausted;
            case CelKind.Bytes:
                return CelValue.From((long)value.RawBytes.Length);
            case CelKind.List:
                return CelValue.From((long)value.RawList.Length);
            case CelKind.Map:
                return CelValue.From((long)value.RawMap.Count);
            default:
                return Faults.WrongArguments("size", arguments);
        }
    }

    private static CelValue Search(string name, scoped ReadOnlySpan<CelValue> arguments, ref Frame frame)
    {
        if (arguments[0].Kind != CelKind.String || arguments[1].Kind != CelKind.String)
            return Faults.WrongArguments("string." + name, arguments);
        if (!StringFunctions.ChargeSearch(arguments[0], arguments[1], ref frame))
            return frame.Exhausted;
        var (text, sought) = (arguments[0].RawString, arguments[1].RawString);
        return CelValue.From(name switch
        {
            "contains" => text.Contains(sought, StringComparison.Ordinal),
            "startsWith" => text.StartsWith(sought, StringComparison.Ordinal),
            _ => text.EndsWith(sought, StringComparison.Ordinal),
        });
    }
}
