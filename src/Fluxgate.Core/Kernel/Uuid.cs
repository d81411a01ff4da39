using System.Buffers.Binary;

namespace Fluxgate.Core.Kernel;

/// <summary>The one source of ids: UUID version 7 (RFC 9562, section 5.7), so that ids sort by time.</summary>
public static class Uuid
{
    /// <summary>
    /// A new id whose first 48 bits are the clock's milliseconds since 1970 and whose next 12 free bits are the fraction of
    /// the millisecond (section 6.2, method 3), so that what is written one after another on a node is listed so too.
    /// The other 62 bits are random.
    /// </summary>
    public static Guid New(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
#pragma warning disable RS0030 // this is the one place that the ban points to
        var id = Guid.CreateVersion7(now);
#pragma warning restore RS0030
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var fraction = now.Ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond;
        bytes[6] = (byte)(0x70 | fraction >> 8);
        bytes[7] = (byte)fraction;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>When such an id was made, in whole milliseconds.</summary>
    public static DateTimeOffset Time(Guid id) => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(id));

    /// <summary>The least id of that time: what was made before has a lower one.</summary>
    public static Guid First(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private static long Milliseconds(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
    }
}
