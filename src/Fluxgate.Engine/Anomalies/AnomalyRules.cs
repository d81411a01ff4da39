namespace Fluxgate.Engine.Anomalies;

/// <summary>
/// An hour of a key or connector beside its others: usual is the median of those among the 168 hours before in which it did
/// anything, 0 without any. Nights and week-ends of one that rests do not make every working hour unusual.
/// </summary>
internal sealed record HourMeasured(DateTimeOffset Hour, long Calls, long UsualCalls, long Bytes, long UsualBytes, int DaysWithCalls, bool HadCallsAtThisHour);

/// <summary>A network or host, seen for the first time.</summary>
internal sealed record PlaceMeasured(string Place, DateTimeOffset FirstSeen);

/// <summary>What is known of a key or connector at one time. <paramref name="KnownSince"/> is when it was first seen doing anything, of what is kept.</summary>
internal sealed record Measures(
    ActivitySubject Kind, DateTimeOffset? KnownSince, IReadOnlyList<HourMeasured> Hours, IReadOnlyList<PlaceMeasured> NewPlaces, int LastCalls, int LastErrors);

/// <summary>What of the measured is unusual, by the settings of its organization. Pure.</summary>
internal static class AnomalyRules
{
    private const int MostPlaces = 20;

    public static IEnumerable<AnomalyFact> Facts(Measures measures, AnomalySettings settings) =>
        measures.Kind == ActivitySubject.ApiKey
            ? [.. Volume(measures, settings), .. NewPlaces(measures, settings.NewNetwork, AnomalyKind.NewNetwork, settings), .. ErrorRate(measures, settings), .. UnusualHours(measures, settings)]
            : [.. OutboundBytes(measures, settings), .. NewPlaces(measures, settings.NewHost, AnomalyKind.NewHost, settings)];

    private static IEnumerable<AnomalyFact> Volume(Measures measures, AnomalySettings settings) =>
        from h in measures.Hours
        let most = Math.Max(settings.VolumeOver, settings.VolumeFactor * h.UsualCalls)
        where settings.Volume && IsKnown(measures, h.Hour, settings) && h.Calls > most
        select new AnomalyFact(AnomalyKind.Volume, h.Calls, most) { Hour = h.Hour, Usual = h.UsualCalls };

    private static IEnumerable<AnomalyFact> OutboundBytes(Measures measures, AnomalySettings settings) =>
        from h in measures.Hours
        let most = Math.Max(settings.OutboundOver, settings.OutboundFactor * h.UsualBytes)
        where settings.OutboundBytes && IsKnown(measures, h.Hour, settings) && h.Bytes > most
        select new AnomalyFact(AnomalyKind.OutboundBytes, h.Bytes, most) { Hour = h.Hour, Usual = h.UsualBytes };

    private static IEnumerable<AnomalyFact> UnusualHours(Measures measures, AnomalySettings settings) =>
        from h in measures.Hours
        where settings.UnusualHours && h.Calls > 0 && !h.HadCallsAtThisHour && h.DaysWithCalls >= settings.UsualDays
        select new AnomalyFact(AnomalyKind.UnusualHours, h.Calls, 0) { Hour = h.Hour };

    /// <summary>Of a key that made fewer requests than are asked for there is nothing to say.</summary>
    private static IEnumerable<AnomalyFact> ErrorRate(Measures measures, AnomalySettings settings)
    {
        if (settings.ErrorRate && measures.LastCalls >= settings.ErrorCalls && measures.LastErrors * 100L > settings.ErrorPercent * (long)measures.LastCalls)
            yield return new AnomalyFact(AnomalyKind.ErrorRate, measures.LastErrors, settings.ErrorPercent * (long)measures.LastCalls / 100) { OfCalls = measures.LastCalls };
    }

    private static IEnumerable<AnomalyFact> NewPlaces(Measures measures, bool isOn, AnomalyKind kind, AnomalySettings settings)
    {
        if (!isOn)
            yield break;
        var places = measures.NewPlaces.Where(p => IsKnown(measures, p.FirstSeen, settings)).Select(p => p.Place).Order(StringComparer.Ordinal).ToList();
        if (places.Count > 0)
            yield return new AnomalyFact(kind, places.Count, 0) { Places = [.. places.Take(MostPlaces)] };
    }

    /// <summary>Everything of one that was made just now is new, and its first real hour is more than any before.</summary>
    private static bool IsKnown(Measures measures, DateTimeOffset at, AnomalySettings settings) =>
        measures.KnownSince is { } since && since <= at - TimeSpan.FromHours(settings.HistoryHours);
}
