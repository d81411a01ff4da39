namespace Fluxgate.Core.Kernel;

/// <summary>The one source of ids: UUID version 7 (RFC 9562, section 5.7), so that ids sort by time.</summary>
public static class Uuid
{
    /// <summary>A new id whose first 48 bits are the clock's milliseconds since 1970.</summary>
#pragma warning disable RS0030 // this is the one place that the ban points to
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
#pragma warning restore RS0030
}
