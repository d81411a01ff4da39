using System.Runtime.CompilerServices;

namespace Fluxgate.Core.Expressions;

/// <summary>What the evaluator reaches without the checks of the public accessors; callers have looked at the kind.</summary>
public readonly partial struct CelValue
{
    /// <summary>How deep and how heavy a value built by an expression may get: beyond it nothing could print or store it.</summary>
    internal const int MaxDepth = 64;
    internal const long MaxWeight = 4_000_000;

    internal bool IsFault => kind == FaultKind;

    internal CelFault Fault => Unsafe.As<CelFault>(reference!);

    internal bool IsTrue => kind == (byte)CelKind.Bool && bits != 0;

    internal bool IsFalse => kind == (byte)CelKind.Bool && bits == 0;

    internal bool RawBool => bits != 0;

    internal long RawInt => bits;

    internal ulong RawUint => (ulong)bits;

    internal double RawDouble => BitConverter.Int64BitsToDouble(bits);

    internal string RawString => Unsafe.As<string>(reference!);

    internal byte[] RawBytes => Unsafe.As<byte[]>(reference!);

    internal CelValue[] RawList => Unsafe.As<CelValue[]>(reference!);

    internal CelMap RawMap => Unsafe.As<CelMap>(reference!);

    internal bool RawHasValue => reference is not null;

    internal CelValue RawOptional => Unsafe.As<StrongBox<CelValue>>(reference!).Value;

    /// <summary>Seconds since 1970 of a timestamp; nanoseconds of a duration.</summary>
    internal long RawSeconds => bits;

    internal long RawDurationNanoseconds => bits;

    internal int RawNanoseconds => extra;

    internal bool IsContainer => kind is (byte)CelKind.List or (byte)CelKind.Map or (byte)CelKind.Optional;

    /// <summary>Levels of nesting, 0 for a scalar.</summary>
    internal int Depth => IsContainer ? extra : 0;

    /// <summary>
    /// Roughly what printing the value costs, in elements and eighths of characters. It counts a shared part each
    /// time, since <c>[a, a]</c> repeated sixty times takes little memory and never finishes printing.
    /// </summary>
    internal long Weight => (CelKind)kind switch
    {
        CelKind.List or CelKind.Map or CelKind.Optional => bits,
        CelKind.String => 1 + (RawString.Length >> 3),
        CelKind.Bytes => 1 + (RawBytes.Length >> 3),
        _ => 1,
    };

    internal static CelValue Failed(CelFault fault) => new(fault);

    internal static CelValue OwnedBytes(byte[] bytes) => new(CelKind.Bytes, 0, bytes);

    internal static CelValue OwnedList(CelValue[] items)
    {
        var (weight, depth) = (1L, 0);
        foreach (ref readonly var item in items.AsSpan())
        {
            weight += item.Weight;
            depth = Math.Max(depth, item.Depth);
        }
        return new CelValue(CelKind.List, weight, items, depth + 1);
    }

    internal static CelValue FromMap(CelMap map)
    {
        var (weight, depth) = (1L, 0);
        foreach (ref readonly var entry in map.Entries.AsSpan())
        {
            weight += entry.Key.Weight + entry.Value.Weight;
            depth = Math.Max(depth, entry.Value.Depth);
        }
        return new CelValue(CelKind.Map, weight, map, depth + 1);
    }

    internal static CelValue Timestamp(long seconds, int nanoseconds) => new(CelKind.Timestamp, seconds, null, nanoseconds);

    internal static CelValue Duration(long nanoseconds) => new(CelKind.Duration, nanoseconds);

    internal static CelValue Type(string name) => new(CelKind.Type, 0, name);
}
