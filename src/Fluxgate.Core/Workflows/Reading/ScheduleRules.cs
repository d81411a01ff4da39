using Fluxgate.Core.Expressions;
using Fluxgate.Core.Schedules;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>What holds for the settings of a schedule trigger beyond their types.</summary>
internal static class ScheduleRules
{
    public static void Check(DocumentMap settings, DocumentFaults faults)
    {
        if (Text(settings, "cron") is { } cron && CronExpression.Parse(cron).Error is { } error)
            faults.Add("/trigger/settings/cron", error.Code, error.Message, settings["cron"]);
        if (Text(settings, "time_zone") is { } zone && !ZoneName.TryFind(zone, out _))
            faults.Add("/trigger/settings/time_zone", "schedule.time_zone", "This is no time zone of the IANA database, such as Europe/Berlin; names are told apart by case.", settings["time_zone"]);
        // Of a hundred runs made up for at once, all but the first would meet a run that is not finished.
        if (Text(settings, "missed") == "run_all" && Text(settings, "overlap") is null or "skip")
            faults.Add("/trigger/settings/missed", "schedule.run_all_overlaps", "run_all starts runs beside each other, so it needs overlap: allow.", settings["missed"]);
    }

    /// <summary>Null where the setting is missing or has a fault already.</summary>
    private static string? Text(DocumentMap settings, string name) =>
        settings[name] is DocumentScalar { Value: { Kind: CelKind.String } value } && value.AsString.Length > 0 && !value.AsString.Contains("{{", StringComparison.Ordinal)
            ? value.AsString
            : null;
}
