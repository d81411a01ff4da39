using System.Runtime.CompilerServices;

namespace Fluxgate.Core.Expressions;

/// <summary>Equality and order of values: numbers by value across their types, text by code points, maps without order.</summary>
internal static class CelEquality
{
    /// <summary>CEL's ==. Values of different types, numbers apart, are unequal.</summary>
    public static bool Equal(in CelValue left, in CelValue right)
    {
        if (left.Kind != right.Kind)
            return IsNumber(left) && IsNumber(right) && CompareNumbers(left, right) == 0;
        switch (left.Kind)
        {
            case CelKind.Null:
                return true;
            case CelKind.Double:
                return left.RawDouble == right.RawDouble;
            case CelKind.String:
                return string.Equals(left.RawString, right.RawString);
            case CelKind.Type:
                return string.Equals(left.AsTypeName, right.AsTypeName);
            case CelKind.Bytes:
                return left.RawBytes.AsSpan().SequenceEqual(right.RawBytes);
            case CelKind.Timestamp:
                return left.RawSeconds == right.RawSeconds && left.RawNanoseconds == right.RawNanoseconds;
            case CelKind.List:
                return EqualLists(left.RawList, right.RawList);
            case CelKind.Map:
                return EqualMaps(left.RawMap, right.RawMap);
            case CelKind.Optional:
                return left.RawHasValue == right.RawHasValue && (!left.RawHasValue || Equal(left.RawOptional, right.RawOptional));
            default:
                return left.RawInt == right.RawInt;
        }
    }

    /// <summary>Negative, zero or positive; null if the two have no order (other types, or NaN).</summary>
    public static int? Compare(in CelValue left, in CelValue right)
    {
        if (IsNumber(left) && IsNumber(right))
            return CompareNumbers(left, right);
        if (left.Kind != right.Kind)
            return null;
        return left.Kind switch
        {
            CelKind.Bool or CelKind.Duration => left.RawInt.CompareTo(right.RawInt),
            CelKind.String => CodePoints.Compare(left.RawString, right.RawString),
            CelKind.Bytes => left.RawBytes.AsSpan().SequenceCompareTo(right.RawBytes),
            CelKind.Timestamp => left.RawSeconds != right.RawSeconds
                ? left.RawSeconds.CompareTo(right.RawSeconds)
                : left.RawNanoseconds.CompareTo(right.RawNanoseconds),
            _ => null,
        };
    }

    /// <summary>
    /// A total order for sorting: NaN first, and an int against a double exactly. <see cref="Compare"/> rounds the int, by
    /// which 2⁵³ and 2⁵³+1 both equal the double between them, and a sort may then run out of its array.
    /// </summary>
    public static int Rank(in CelValue left, in CelValue right)
    {
        if (left.Kind == CelKind.Double && right.Kind == CelKind.Double)
            return left.RawDouble.CompareTo(right.RawDouble);
        if (left.Kind == CelKind.Double && IsNumber(right))
            return RankExactly(left.RawDouble, right.Kind == CelKind.Int ? right.RawInt : (Int128)right.RawUint);
        if (right.Kind == CelKind.Double && IsNumber(left))
            return -RankExactly(right.RawDouble, left.Kind == CelKind.Int ? left.RawInt : (Int128)left.RawUint);
        return Compare(left, right) ?? 0;
    }

    /// <summary>Whether the kind has an order at all: a NaN has none with anything, yet comparing it is false and no error.</summary>
    public static bool Ordered(in CelValue left, in CelValue right) => (IsNumber(left) && IsNumber(right))
        || (left.Kind == right.Kind && left.Kind is CelKind.Bool or CelKind.Duration or CelKind.String or CelKind.Bytes or CelKind.Timestamp);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNumber(in CelValue value) => value.Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    /// <summary>A hash by which equal numbers of different types agree.</summary>
    public static int Hash(in CelValue value) => value.Kind switch
    {
        CelKind.Int => HashNumber(value.RawInt),
        CelKind.Uint => value.RawUint <= long.MaxValue ? HashNumber(value.RawInt) : HashNumber((double)value.RawUint),
        CelKind.Double => HashNumber(value.RawDouble),
        CelKind.String => value.RawString.GetHashCode(StringComparison.Ordinal),
        CelKind.List => HashCode.Combine(CelKind.List, value.RawList.Length),
        CelKind.Map => HashCode.Combine(CelKind.Map, value.RawMap.Count),
        CelKind.Bytes => HashBytes(value.RawBytes),
        CelKind.Type => value.AsTypeName.GetHashCode(StringComparison.Ordinal),
        CelKind.Optional => HashCode.Combine(CelKind.Optional, value.RawHasValue),
        _ => HashCode.Combine(value.Kind, value.RawInt, value.RawNanoseconds),
    };

    // Numbers compare through doubles when one is a double (as the specification's cases want), so they hash so too.
    private static int HashNumber(double value) => HashCode.Combine(value);

    private static int HashBytes(byte[] bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private static bool EqualLists(CelValue[] left, CelValue[] right)
    {
        if (left.Length != right.Length)
            return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (!Equal(left[i], right[i]))
                return false;
        }
        return true;
    }

    private static bool EqualMaps(CelMap left, CelMap right)
    {
        if (left.Count != right.Count)
            return false;
        foreach (ref readonly var entry in left.Entries.AsSpan())
        {
            if (!right.TryGetValue(entry.Key, out var other) || !Equal(entry.Value, other))
                return false;
        }
        return true;
    }

    private static int RankExactly(double left, Int128 right)
    {
        if (double.IsNaN(left) || left < -1e20)
            return -1;
        if (left > 1e20)
            return 1;
        var whole = Math.Floor(left);
        return ((Int128)whole).CompareTo(right) is var order && order != 0 ? order : left > whole ? 1 : 0;
    }

    private static int? CompareNumbers(in CelValue left, in CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => left.RawInt.CompareTo(right.RawInt),
        (CelKind.Uint, CelKind.Uint) => left.RawUint.CompareTo(right.RawUint),
        (CelKind.Int, CelKind.Uint) => left.RawInt < 0 ? -1 : ((ulong)left.RawInt).CompareTo(right.RawUint),
        (CelKind.Uint, CelKind.Int) => right.RawInt < 0 ? 1 : left.RawUint.CompareTo((ulong)right.RawInt),
        (CelKind.Double, CelKind.Double) => CompareDoubles(left.RawDouble, right.RawDouble),
        (CelKind.Double, CelKind.Int) => CompareDoubles(left.RawDouble, right.RawInt),
        (CelKind.Double, _) => CompareDoubles(left.RawDouble, right.RawUint),
        (CelKind.Int, _) => CompareDoubles(left.RawInt, right.RawDouble),
        _ => CompareDoubles(left.RawUint, right.RawDouble),
    };

    private static int? CompareDoubles(double left, double right) =>
        left < right ? -1 : left > right ? 1 : left == right ? 0 : null;
}
