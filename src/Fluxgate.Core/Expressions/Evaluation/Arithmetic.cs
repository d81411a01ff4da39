using Fluxgate.Core.Expressions.Functions;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>+ − * / % and unary −. Integers overflow into a fault; numbers of two types do not mix.</summary>
internal static class Arithmetic
{
    public static CelValue Add(in CelValue a, in CelValue b, ref Frame frame)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Double, CelKind.Double):
                return CelValue.From(a.RawDouble + b.RawDouble);
            case (CelKind.Int, CelKind.Int):
                var sum = unchecked(a.RawInt + b.RawInt);
                return ((a.RawInt ^ sum) & (b.RawInt ^ sum)) < 0 ? Overflow("int") : CelValue.From(sum);
            case (CelKind.Uint, CelKind.Uint):
                return b.RawUint > ulong.MaxValue - a.RawUint ? Overflow("uint") : CelValue.From(a.RawUint + b.RawUint);
            case (CelKind.String, CelKind.String):
                return frame.Charge(a.Weight + b.Weight) ? CelValue.From(string.Concat(a.RawString, b.RawString)) : frame.Exhausted;
            case (CelKind.Bytes, CelKind.Bytes):
                return frame.Charge(a.Weight + b.Weight) ? CelValue.OwnedBytes([.. a.RawBytes, .. b.RawBytes]) : frame.Exhausted;
            case (CelKind.List, CelKind.List):
                return frame.Charge(a.RawList.Length + b.RawList.Length) ? Frame.Built(CelValue.OwnedList([.. a.RawList, .. b.RawList])) : frame.Exhausted;
            case (CelKind.Timestamp, CelKind.Duration):
                return Instants.Create(Instants.Nanoseconds(a) + b.RawDurationNanoseconds);
            case (CelKind.Duration, CelKind.Timestamp):
                return Instants.Create(Instants.Nanoseconds(b) + a.RawDurationNanoseconds);
            case (CelKind.Duration, CelKind.Duration):
                return Durations.Create((Int128)a.RawDurationNanoseconds + b.RawDurationNanoseconds);
            default:
                return NoOverload("+", a, b);
        }
    }

    public static CelValue Subtract(in CelValue a, in CelValue b, ref Frame frame)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Double, CelKind.Double):
                return CelValue.From(a.RawDouble - b.RawDouble);
            case (CelKind.Int, CelKind.Int):
                var difference = unchecked(a.RawInt - b.RawInt);
                return ((a.RawInt ^ b.RawInt) & (a.RawInt ^ difference)) < 0 ? Overflow("int") : CelValue.From(difference);
            case (CelKind.Uint, CelKind.Uint):
                return b.RawUint > a.RawUint ? Overflow("uint") : CelValue.From(a.RawUint - b.RawUint);
            case (CelKind.Timestamp, CelKind.Timestamp):
                return Durations.Create(Instants.Nanoseconds(a) - Instants.Nanoseconds(b));
            case (CelKind.Timestamp, CelKind.Duration):
                return Instants.Create(Instants.Nanoseconds(a) - b.RawDurationNanoseconds);
            case (CelKind.Duration, CelKind.Duration):
                return Durations.Create((Int128)a.RawDurationNanoseconds - b.RawDurationNanoseconds);
            default:
                return NoOverload("-", a, b);
        }
    }

    public static CelValue Multiply(in CelValue a, in CelValue b, ref Frame frame)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Double, CelKind.Double):
                return CelValue.From(a.RawDouble * b.RawDouble);
            case (CelKind.Int, CelKind.Int):
                var high = Math.BigMul(a.RawInt, b.RawInt, out var low);
                return high == low >> 63 ? CelValue.From(low) : Overflow("int");
            case (CelKind.Uint, CelKind.Uint):
                return Math.BigMul(a.RawUint, b.RawUint, out var product) == 0 ? CelValue.From(product) : Overflow("uint");
            default:
                return NoOverload("*", a, b);
        }
    }

    public static CelValue Divide(in CelValue a, in CelValue b, ref Frame frame)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Double, CelKind.Double):
                return CelValue.From(a.RawDouble / b.RawDouble);
            case (CelKind.Int, CelKind.Int):
                return b.RawInt == 0 ? DivideByZero() : b.RawInt == -1 && a.RawInt == long.MinValue ? Overflow("int") : CelValue.From(a.RawInt / b.RawInt);
            case (CelKind.Uint, CelKind.Uint):
                return b.RawUint == 0 ? DivideByZero() : CelValue.From(a.RawUint / b.RawUint);
            default:
                return NoOverload("/", a, b);
        }
    }

    public static CelValue Remainder(in CelValue a, in CelValue b, ref Frame frame)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Int, CelKind.Int):
                return b.RawInt == 0 ? DivideByZero() : b.RawInt == -1 && a.RawInt == long.MinValue ? Overflow("int") : CelValue.From(a.RawInt % b.RawInt);
            case (CelKind.Uint, CelKind.Uint):
                return b.RawUint == 0 ? DivideByZero() : CelValue.From(a.RawUint % b.RawUint);
            default:
                return NoOverload("%", a, b);
        }
    }

    public static CelValue Negate(in CelValue value) => value.Kind switch
    {
        CelKind.Int => value.RawInt == long.MinValue ? Overflow("int") : CelValue.From(-value.RawInt),
        CelKind.Double => CelValue.From(-value.RawDouble),
        CelKind.Duration => Durations.Create(-(Int128)value.RawDurationNanoseconds),
        _ => CelValue.Failed(CelFault.Overload($"There is no negative {CelTypes.NameOf(value)}.")),
    };

    private static CelValue Overflow(string type) => CelValue.Failed(CelFault.Overflow($"The result is out of the range of {type}."));

    private static CelValue DivideByZero() => CelValue.Failed(new CelFault("expression.divide_by_zero", "There is a division by zero."));

    private static CelValue NoOverload(string symbol, in CelValue a, in CelValue b)
    {
        var hint = CelEquality.IsNumber(a) && CelEquality.IsNumber(b) && a.Kind != b.Kind ? " Convert one with int(), uint() or double()." : "";
        return CelValue.Failed(CelFault.Overload($"There is no {CelTypes.NameOf(a)} {symbol} {CelTypes.NameOf(b)}.{hint}"));
    }
}
