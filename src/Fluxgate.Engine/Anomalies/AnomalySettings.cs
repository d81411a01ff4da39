namespace Fluxgate.Engine.Anomalies;

/// <summary>
/// What an organization calls unusual. A kind is on or off, and one of a key may suspend it. More than
/// <paramref name="VolumeOver"/> requests in an hour and more than <paramref name="VolumeFactor"/> times its median hour; more
/// than <paramref name="ErrorPercent"/> % errors in <paramref name="ErrorCalls"/> requests; an hour of the day without requests on
/// the seven days before, on <paramref name="UsualDays"/> of which there were some; more than <paramref name="OutboundOver"/> bytes
/// in an hour and more than <paramref name="OutboundFactor"/> times the connector's median hour. <paramref name="HistoryHours"/>:
/// how long a key or connector is known before anything of it can be new or much. Factors are 1–1000, <paramref name="VolumeOver"/>
/// 0–1,000,000,000, <paramref name="ErrorPercent"/> 0–99, <paramref name="ErrorCalls"/> 10–1000, <paramref name="UsualDays"/> 1–7,
/// <paramref name="OutboundOver"/> 0–10^15, <paramref name="HistoryHours"/> 1–168.
/// </summary>
public sealed record AnomalySettings(
    bool Volume, bool VolumeSuspends, int VolumeFactor, long VolumeOver,
    bool NewNetwork, bool NewNetworkSuspends,
    bool ErrorRate, bool ErrorRateSuspends, int ErrorPercent, int ErrorCalls,
    bool UnusualHours, bool UnusualHoursSuspends, int UsualDays,
    bool OutboundBytes, int OutboundFactor, long OutboundOver,
    bool NewHost,
    int HistoryHours)
{
    /// <summary>What holds for an organization that never said anything.</summary>
    public static readonly AnomalySettings Default = new(
        Volume: true, VolumeSuspends: false, VolumeFactor: 5, VolumeOver: 100,
        NewNetwork: true, NewNetworkSuspends: false,
        ErrorRate: true, ErrorRateSuspends: false, ErrorPercent: 20, ErrorCalls: 50,
        UnusualHours: true, UnusualHoursSuspends: false, UsualDays: 4,
        OutboundBytes: true, OutboundFactor: 5, OutboundOver: 10_000_000,
        NewHost: true,
        HistoryHours: 24);

    /// <summary>Whether it suspends its key.</summary>
    public bool Suspends(AnomalyKind kind) => kind switch
    {
        AnomalyKind.Volume => VolumeSuspends,
        AnomalyKind.NewNetwork => NewNetworkSuspends,
        AnomalyKind.ErrorRate => ErrorRateSuspends,
        AnomalyKind.UnusualHours => UnusualHoursSuspends,
        _ => false,
    };
}
