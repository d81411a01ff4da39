using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Anomalies;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Anomalies;

internal static class UpdateAnomalySettings
{
    /// <summary>All of them, as they are shown under <c>settings</c>.</summary>
    public static async Task<Reply<AnomalySettingsResponse>> Handle(
        AnomalySettings request, OrganizationCaller caller, HttpContext context, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var version = EntityTag.Required(context);
        if (version.Error is { } missing)
            return missing;
        if (Faults(request) is { } invalid)
            return invalid;
        var next = new OwnAnomalySettings(request, version.Value + 1);
        var result = await database.As(caller).Attempt(transaction => Apply(transaction, next, caller, audit, clock.GetUtcNow(), cancel), cancel);
        if (result.Error is { } refused)
            return refused;
        EntityTag.Show(context, next.Version);
        return new AnomalySettingsResponse(next.Settings, next.Version);
    }

    private static Error? Faults(AnomalySettings request) => new Checks()
        .That(request.VolumeFactor is >= 1 and <= 1000, "/volume_factor", "range", "1–1000.")
        .That(request.VolumeOver is >= 0 and <= 1_000_000_000, "/volume_over", "range", "0–1000000000.")
        .That(request.ErrorPercent is >= 0 and <= 99, "/error_percent", "range", "0–99.")
        .That(request.ErrorCalls is >= 10 and <= 1000, "/error_calls", "range", "10–1000.")
        .That(request.UsualDays is >= 1 and <= 7, "/usual_days", "range", "1–7.")
        .That(request.OutboundFactor is >= 1 and <= 1000, "/outbound_factor", "range", "1–1000.")
        .That(request.OutboundOver is >= 0 and <= 1_000_000_000_000_000, "/outbound_over", "range", "0–1000000000000000.")
        .That(request.HistoryHours is >= 1 and <= 168, "/history_hours", "range", "1–168.")
        .Error();

    private static async Task<Result<Done>> Apply(Transaction transaction, OwnAnomalySettings next, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        var s = next.Settings;
        var row = await transaction.QueryOptional<AnomalySettingsRow>($"select {AnomalySettingsRow.Columns} from anomaly_settings where organization_id = {caller.Organization} for update", cancel);
        return await transaction.Replace(
            OwnAnomalySettings.Of(row),
            next,
            $"""
            insert into anomaly_settings ({AnomalySettingsRow.Columns}, updated_at)
            values ({caller.Organization}, {next.Version}, {s.Volume}, {s.VolumeSuspends}, {s.VolumeFactor}, {s.VolumeOver}, {s.NewNetwork}, {s.NewNetworkSuspends},
                {s.ErrorRate}, {s.ErrorRateSuspends}, {s.ErrorPercent}, {s.ErrorCalls}, {s.UnusualHours}, {s.UnusualHoursSuspends}, {s.UsualDays},
                {s.OutboundBytes}, {s.OutboundFactor}, {s.OutboundOver}, {s.NewHost}, {s.HistoryHours}, {now})
            on conflict (organization_id) do update set version = excluded.version, updated_at = excluded.updated_at,
                volume = excluded.volume, volume_suspends = excluded.volume_suspends, volume_factor = excluded.volume_factor, volume_over = excluded.volume_over,
                new_network = excluded.new_network, new_network_suspends = excluded.new_network_suspends,
                error_rate = excluded.error_rate, error_rate_suspends = excluded.error_rate_suspends, error_percent = excluded.error_percent, error_calls = excluded.error_calls,
                unusual_hours = excluded.unusual_hours, unusual_hours_suspends = excluded.unusual_hours_suspends, usual_days = excluded.usual_days,
                outbound_bytes = excluded.outbound_bytes, outbound_factor = excluded.outbound_factor, outbound_over = excluded.outbound_over,
                new_host = excluded.new_host, history_hours = excluded.history_hours
            where anomaly_settings.version = {next.Version - 1}
            """,
            caller.Organization,
            before => new AuditEntry("anomaly_settings.updated", "update", caller.Actor, new AuditResource("anomaly_settings", caller.Organization.Value, "anomalies"))
            {
                Before = JsonConventions.Object(before.Settings),
                After = JsonConventions.Object(next.Settings),
            },
            audit,
            cancel);
    }
}
