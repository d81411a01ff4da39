using System.Globalization;

namespace Fluxgate.Engine.Anomalies;

/// <summary>Something unusual. What it is about depends on the kind: an hour and what is usual in one, a number of calls, places.</summary>
public sealed record AnomalyFact(AnomalyKind Kind, long Measured, long Expected)
{
    public DateTimeOffset? Hour { get; init; }

    public long? Usual { get; init; }

    public int? OfCalls { get; init; }

    public string[] Places { get; init; } = [];

    /// <summary>What was measured and what expected.</summary>
    public string Sentence()
    {
        var hour = Hour is { } begin ? begin.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC" : "";
        return Kind switch
        {
            AnomalyKind.Volume => $"{Number(Measured)} requests in the hour from {hour}; at most {Number(Expected)} were expected, and {Number(Usual ?? 0)} are usual.",
            AnomalyKind.NewNetwork => $"Used from {string.Join(", ", Places)}, where it was not used from before.",
            AnomalyKind.ErrorRate => $"{Number(Measured)} of the last {Number(OfCalls ?? 0)} requests had an error; at most {Number(Expected)} were expected.",
            AnomalyKind.UnusualHours => $"Used in the hour from {hour}; on the seven days before it had no request at that time of the day.",
            AnomalyKind.OutboundBytes => $"{Number(Measured)} bytes sent in the hour from {hour}; at most {Number(Expected)} were expected, and {Number(Usual ?? 0)} are usual.",
            _ => $"Called {string.Join(", ", Places)}, which it did not call before.",
        };
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
