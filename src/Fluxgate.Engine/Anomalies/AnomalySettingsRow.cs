using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Anomalies;

/// <summary>A row of <c>anomaly_settings</c>.</summary>
public sealed record AnomalySettingsRow(
    OrganizationId OrganizationId, int Version,
    bool Volume, bool VolumeSuspends, int VolumeFactor, long VolumeOver,
    bool NewNetwork, bool NewNetworkSuspends,
    bool ErrorRate, bool ErrorRateSuspends, int ErrorPercent, int ErrorCalls,
    bool UnusualHours, bool UnusualHoursSuspends, int UsualDays,
    bool OutboundBytes, int OutboundFactor, long OutboundOver,
    bool NewHost,
    int HistoryHours)
{
    public static Sql Columns => $"""
        organization_id, version, volume, volume_suspends, volume_factor, volume_over, new_network, new_network_suspends, error_rate, error_rate_suspends, error_percent, error_calls,
        unusual_hours, unusual_hours_suspends, usual_days, outbound_bytes, outbound_factor, outbound_over, new_host, history_hours
        """;

    public AnomalySettings Settings => new(
        Volume, VolumeSuspends, VolumeFactor, VolumeOver, NewNetwork, NewNetworkSuspends, ErrorRate, ErrorRateSuspends, ErrorPercent, ErrorCalls,
        UnusualHours, UnusualHoursSuspends, UsualDays, OutboundBytes, OutboundFactor, OutboundOver, NewHost, HistoryHours);
}
