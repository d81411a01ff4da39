using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Fluxgate.Core.Schedules;

/// <summary>Names of the IANA time zone database.</summary>
internal static class ZoneName
{
    private const int MaxLength = 60;

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    /// <summary>What lies in the database's folder and is no zone, or the machine's own, or counts leap seconds.</summary>
    private static readonly string[] NoZones = ["localtime", "posixrules", "Factory", "posix/", "right/"];

    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        // The name becomes a path below the zone database: without dots it cannot leave it.
        return name.Length is > 0 and <= MaxLength && char.IsAsciiLetter(name[0]) && !name.AsSpan().ContainsAnyExcept(Characters)
            && !NoZones.Any(n => name.StartsWith(n, StringComparison.OrdinalIgnoreCase))
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)
            // Found without regard to case once somebody else has asked for it: a name has one spelling.
            && zone.Id == name;
    }
}
