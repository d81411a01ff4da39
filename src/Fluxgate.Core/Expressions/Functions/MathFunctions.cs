using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The math extension.</summary>
internal static class MathFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new("math.greatest", 1, int.MaxValue, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Extreme("math.greatest", a, 1, ref f)),
        new("math.least", 1, int.MaxValue, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Extreme("math.least", a, -1, ref f)),
        OfDouble("ceil", number => CelValue.From(Math.Ceiling(number))),
        OfDouble("floor", number => CelValue.From(Math.Floor(number))),
        OfDouble("round", number => CelValue.From(Math.Round(number, MidpointRounding.AwayFromZero))),
        OfDouble("trunc", number => CelValue.From(Math.Truncate(number))),
        OfDouble("isNaN", number => CelValue.From(double.IsNaN(number))),
        OfDouble("isInf", number => CelValue.From(double.IsInfinity(number))),
        OfDouble("isFinite", number => CelValue.From(double.IsFinite(number))),
        new("math.abs", 1, 1, Absolute),
        new("math.sign", 1, 1, Sign),
        new("math.sqrt", 1, 1, SquareRoot),
        Bits("bitAnd", (a, b) => a & b),
        Bits("bitOr", (a, b) => a | b),
        Bits("bitXor", (a, b) => a ^ b),
        new("math.bitNot", 1, 1, Not),
        Shift("bitShiftLeft", (bits, count) => bits << count),
        Shift("bitShiftRight", (bits, count) => bits >> count),
    ];

    private static CelValue Extreme(string name, scoped ReadOnlySpan<CelValue> arguments, int wanted, ref Frame frame)
    {
        var numbers = arguments;
        if (arguments.Length == 1 && arguments[0].Kind == CelKind.List)
            numbers = arguments[0].RawList;
        if (!frame.Charge(numbers.Length))
            return frame.Exhausted;
        if (numbers.IsEmpty)
            return Faults.Argument($"{name}() takes at least one number.");
        var best = numbers[0];
        foreach (ref readonly var number in numbers)
        {
            if (!CelEquality.IsNumber(number))
                return CelValue.Failed(CelFault.Overload($"{name}() takes numbers, not {CelTypes.NameOf(number)}."));
            if (CelEquality.Compare(number, best) is { } order && Math.Sign(order) == wanted)
                best = number;
        }
        return best;
    }

    private static CelValue Absolute(scoped ReadOnlySpan<CelValue> a, ref Frame frame) => a[0].Kind switch
    {
        CelKind.Int when a[0].RawInt == long.MinValue => CelValue.Failed(CelFault.Overflow("The result is out of the range of int.")),
        CelKind.Int => CelValue.From(Math.Abs(a[0].RawInt)),
        CelKind.Uint => a[0],
        CelKind.Double => CelValue.From(Math.Abs(a[0].RawDouble)),
        _ => Faults.WrongArguments("math.abs", a),
    };

    private static CelValue Sign(scoped ReadOnlySpan<CelValue> a, ref Frame frame) => a[0].Kind switch
    {
        CelKind.Int => CelValue.From((long)Math.Sign(a[0].RawInt)),
        CelKind.Uint => CelValue.From(a[0].RawUint == 0 ? 0UL : 1UL),
        CelKind.Double => double.IsNaN(a[0].RawDouble) ? a[0] : CelValue.From((double)Math.Sign(a[0].RawDouble)),
        _ => Faults.WrongArguments("math.sign", a),
    };

    private static CelValue SquareRoot(scoped ReadOnlySpan<CelValue> a, ref Frame frame) => a[0].Kind switch
    {
        CelKind.Int => CelValue.From(Math.Sqrt(a[0].RawInt)),
        CelKind.Uint => CelValue.From(Math.Sqrt(a[0].RawUint)),
        CelKind.Double => CelValue.From(Math.Sqrt(a[0].RawDouble)),
        _ => Faults.WrongArguments("math.sqrt", a),
    };

    private static CelValue Not(scoped ReadOnlySpan<CelValue> a, ref Frame frame) => a[0].Kind switch
    {
        CelKind.Int => CelValue.From(~a[0].RawInt),
        CelKind.Uint => CelValue.From(~a[0].RawUint),
        _ => Faults.WrongArguments("math.bitNot", a),
    };

    private static NamedFunction OfDouble(string name, Func<double, CelValue> function) =>
        new($"math.{name}", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => a[0].Kind == CelKind.Double ? function(a[0].RawDouble) : Faults.WrongArguments($"math.{name}", a));

    private static NamedFunction Bits(string name, Func<ulong, ulong, ulong> function) =>
        new($"math.{name}", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame _) => a[0].Kind == a[1].Kind && a[0].Kind is CelKind.Int or CelKind.Uint
            ? Like(a[0], function(a[0].RawUint, a[1].RawUint))
            : Faults.WrongArguments($"math.{name}", a));

    // A shift to the right brings in zeros even for an int, as the extension defines it.
    private static NamedFunction Shift(string name, Func<ulong, int, ulong> function) =>
        new($"math.{name}", 2, 2, (scoped ReadOnlySpan<CelValue> a, ref Frame _) =>
        {
            if (a[0].Kind is not (CelKind.Int or CelKind.Uint) || a[1].Kind != CelKind.Int)
                return Faults.WrongArguments($"math.{name}", a);
            if (a[1].RawInt < 0)
                return Faults.Argument($"math.{name}() takes a count of 0 or more.");
            return Like(a[0], a[1].RawInt > 63 ? 0 : function(a[0].RawUint, (int)a[1].RawInt));
        });

    private static CelValue Like(in CelValue model, ulong bits) => model.Kind == CelKind.Int ? CelValue.From(unchecked((long)bits)) : CelValue.From(bits);
}
