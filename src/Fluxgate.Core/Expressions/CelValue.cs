using System.Diagnostics;
using System.Runtime.CompilerServices;
using Fluxgate.Core.Expressions.Functions;

namespace Fluxgate.Core.Expressions;

/// <summary>
/// A value of the Common Expression Language: immutable, 24 bytes, no boxing. Equality is CEL's, so the int 1,
/// the uint 1 and the double 1.0 are equal, and NaN equals nothing.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly partial struct CelValue : IEquatable<CelValue>
{
    private const byte FaultKind = 255;

    /// <summary>Text, bytes, items, map, type name, optional's content, or fault.</summary>
    private readonly object? reference;

    /// <summary>The number, truth or seconds; for a list, map or optional its weight (see <see cref="Weight"/>).</summary>
    private readonly long bits;

    /// <summary>A timestamp's nanoseconds; for a list, map or optional its depth.</summary>
    private readonly int extra;

    private readonly byte kind;

    private CelValue(CelKind kind, long bits, object? reference = null, int extra = 0) =>
        (this.kind, this.bits, this.reference, this.extra) = ((byte)kind, bits, reference, extra);

    private CelValue(CelFault fault) => (kind, reference) = (FaultKind, fault);

    public static CelValue Null => default;

    public static CelValue True => new(CelKind.Bool, 1);

    public static CelValue False => new(CelKind.Bool, 0);

    /// <summary>The optional without a value, <c>optional.none()</c>.</summary>
    public static CelValue NoValue => None;

    internal static CelValue None { get; } = new(CelKind.Optional, 1, null, 1);

    public CelKind Kind => (CelKind)kind;

    public bool IsNull => kind == (byte)CelKind.Null;

    public bool AsBool => Expect(CelKind.Bool).bits != 0;

    public long AsInt => Expect(CelKind.Int).bits;

    public ulong AsUint => (ulong)Expect(CelKind.Uint).bits;

    public double AsDouble => BitConverter.Int64BitsToDouble(Expect(CelKind.Double).bits);

    public string AsString => (string)Expect(CelKind.String).reference!;

    public ReadOnlyMemory<byte> AsBytes => (byte[])Expect(CelKind.Bytes).reference!;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<CelValue> AsList => (CelValue[])Expect(CelKind.List).reference!;

    /// <summary>The entries of a map, in the order they were given.</summary>
    public IReadOnlyList<KeyValuePair<CelValue, CelValue>> AsMap => ((CelMap)Expect(CelKind.Map).reference!).Entries;

    /// <summary>A timestamp, cut to the 100 ns that .NET holds.</summary>
    public DateTimeOffset AsTimestamp => DateTimeOffset.FromUnixTimeSeconds(Expect(CelKind.Timestamp).bits).AddTicks(extra / 100);

    /// <summary>A duration, cut to the 100 ns that .NET holds.</summary>
    public TimeSpan AsDuration => TimeSpan.FromTicks(Expect(CelKind.Duration).bits / 100);

    /// <summary>A timestamp in full: seconds since 1970, and nanoseconds from 0 to 999,999,999.</summary>
    public (long Seconds, int Nanoseconds) TimestampParts => (Expect(CelKind.Timestamp).bits, extra);

    /// <summary>A duration in full, in nanoseconds.</summary>
    public long DurationNanoseconds => Expect(CelKind.Duration).bits;

    /// <summary>The name of a type value: <c>int</c>, <c>google.protobuf.Timestamp</c>, …</summary>
    public string AsTypeName => (string)Expect(CelKind.Type).reference!;

    public static CelValue From(bool value) => value ? True : False;

    public static CelValue From(long value) => new(CelKind.Int, value);

    public static CelValue From(ulong value) => new(CelKind.Uint, (long)value);

    public static CelValue From(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static CelValue From(string value) => new(CelKind.String, 0, value);

    public static CelValue From(ReadOnlySpan<byte> value) => new(CelKind.Bytes, 0, value.ToArray());

    public static CelValue From(DateTimeOffset value)
    {
        var ticks = value.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0
            ? Timestamp(seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100)
            : Timestamp(seconds, (int)rest * 100);
    }

    /// <summary>A duration; ±292 years is the language's range and an <see cref="OverflowException"/> beyond it.</summary>
    public static CelValue From(TimeSpan value) => Duration(checked(value.Ticks * 100));

    public static CelValue FromNanoseconds(long duration) => Duration(duration);

    /// <summary>A timestamp by seconds since 1970 and nanoseconds of the second.</summary>
    /// <exception cref="ArgumentException">A time outside the years 1 to 9999.</exception>
    public static CelValue FromUnixTime(long seconds, int nanoseconds)
    {
        var value = nanoseconds is >= 0 and < 1_000_000_000 ? Instants.Create(seconds, nanoseconds) : CelValue.Null;
        return value.Kind == CelKind.Timestamp ? value : throw new ArgumentException("The timestamp is outside its range.", nameof(seconds));
    }

    /// <summary>A type value by its name in CEL.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static CelValue FromTypeName(string name) =>
        CelTypes.Denotations.TryGetValue(name, out var type) ? type : throw new ArgumentException($"There is no type {name}.", nameof(name));

    public static CelValue List(params IReadOnlyList<CelValue> items) => OwnedList([.. items]);

    public static CelValue Map(IReadOnlyDictionary<string, CelValue> members) =>
        Map(members.Select(member => KeyValuePair.Create(From(member.Key), member.Value)));

    /// <exception cref="ArgumentException">Two equal names.</exception>
    public static CelValue Map(params ReadOnlySpan<(string Name, CelValue Value)> members)
    {
        var entries = new KeyValuePair<CelValue, CelValue>[members.Length];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = KeyValuePair.Create(From(members[i].Name), members[i].Value);
        return OwnedMap(entries);
    }

    /// <summary>A map of keys that are bool, int, uint or string.</summary>
    /// <exception cref="ArgumentException">A key of another kind, or two equal keys.</exception>
    public static CelValue Map(IEnumerable<KeyValuePair<CelValue, CelValue>> entries) => OwnedMap([.. entries]);

    private static CelValue OwnedMap(KeyValuePair<CelValue, CelValue>[] entries) =>
        CelMap.TryCreate(entries, out var fault) is { } map ? FromMap(map) : throw new ArgumentException(fault, nameof(entries));

    /// <summary>An optional that holds <paramref name="value"/>.</summary>
    public static CelValue Some(CelValue value) => new(CelKind.Optional, value.Weight + 1, new StrongBox<CelValue>(value), value.Depth + 1);

    /// <summary>The member of a map by its text key; false for any other kind of value.</summary>
    public bool TryGetMember(string name, out CelValue value)
    {
        if (kind == (byte)CelKind.Map)
            return ((CelMap)reference!).TryGetValue(name, out value);
        value = default;
        return false;
    }

    /// <summary>The value of an optional; false if it holds none.</summary>
    public bool TryGetOptional(out CelValue value)
    {
        if (Expect(CelKind.Optional).reference is StrongBox<CelValue> held)
        {
            value = held.Value;
            return true;
        }
        value = default;
        return false;
    }

    public static bool operator ==(CelValue left, CelValue right) => left.Equals(right);

    public static bool operator !=(CelValue left, CelValue right) => !left.Equals(right);

    public bool Equals(CelValue other) => CelEquality.Equal(this, other);

    public override bool Equals(object? obj) => obj is CelValue other && Equals(other);

    public override int GetHashCode() => CelEquality.Hash(this);

    /// <summary>JSON text, for people and logs of tests.</summary>
    public override string ToString() => IsFault ? "fault" : System.Text.Encoding.UTF8.GetString(ToJson());

    private CelValue Expect(CelKind expected) =>
        kind == (byte)expected ? this : throw new InvalidOperationException($"The value is {CelTypes.NameOf(this)}, not {expected}.");
}
