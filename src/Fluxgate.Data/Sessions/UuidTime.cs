using System.Buffers.Binary;

namespace Fluxgate.Data.Sessions;

/// <summary>The time in a UUID of version 7 (RFC 9562, section 5.7), so that a range of time is a range of ids.</summary>
public static class UuidTime
{
    /// <summary>To the millisecond. <see cref="ArgumentOutOfRangeException"/> for an id that is far from any version 7.</summary>
    public static DateTimeOffset Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
    }

    /// <summary>The least id at or after <paramref name="time"/>, rounded up to the millisecond.</summary>
    public static Guid FirstAt(DateTimeOffset time)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        if (time.Ticks % TimeSpan.TicksPerMillisecond != 0)
            milliseconds++;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)Math.Max(0, milliseconds) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
