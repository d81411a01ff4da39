using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Anomalies;

namespace Fluxgate.Server.Features.Anomalies;

public enum AnomalyState
{
    Open,
    Acknowledged,
}

/// <summary>
/// Something unusual of an API key or a connector. <paramref name="Summary"/> says what was measured and what expected in a sentence;
/// <paramref name="Hour"/>, <paramref name="Usual"/>, <paramref name="OfCalls"/> and <paramref name="Places"/> (networks or hosts) are there
/// where the kind has them. <paramref name="Suspended"/>: it suspended its key; <paramref name="SubjectSuspended"/>: the key is suspended now.
/// </summary>
public sealed record AnomalyResponse(
    Guid Id, AnomalyKind Kind, AnomalyState State, ActivitySubject SubjectKind, Guid SubjectId, string SubjectName, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Summary,
    long Measured, long Expected, DateTimeOffset? Hour, long? Usual, int? OfCalls, IReadOnlyList<string> Places, bool Suspended, bool SubjectSuspended,
    DateTimeOffset? AcknowledgedAt, string? Acknowledger, string? Note);

internal sealed record AnomalyRow(
    Guid Id, AnomalyKind Kind, ActivitySubject SubjectKind, Guid SubjectId, string SubjectName, DateTimeOffset FirstSeen, DateTimeOffset LastSeen,
    long Measured, long Expected, DateTimeOffset? Hour, long? Usual, int? OfCalls, string[] Places, bool Suspended, bool SubjectSuspended,
    DateTimeOffset? AcknowledgedAt, string? Acknowledger, string? Note)
{
    public static Sql Of(OrganizationId organization) => $"""
        select a.id, a.kind, a.subject_kind, a.subject_id, a.subject_name, a.first_seen, a.last_seen, a.measured, a.expected, a.hour, a.usual, a.of_calls, a.places, a.suspended,
               coalesce(k.suspended_at is not null and k.revoked_at is null, false) as subject_suspended, a.acknowledged_at, a.acknowledger, a.note
        from anomalies a left join api_keys k on k.organization_id = a.organization_id and k.id = a.subject_id
        where a.organization_id = {organization}
        """;

    public AnomalyResponse ToResponse() => new(
        Id, Kind, AcknowledgedAt is null ? AnomalyState.Open : AnomalyState.Acknowledged, SubjectKind, SubjectId, SubjectName, FirstSeen, LastSeen,
        new AnomalyFact(Kind, Measured, Expected) { Hour = Hour, Usual = Usual, OfCalls = OfCalls, Places = Places }.Sentence(),
        Measured, Expected, Hour, Usual, OfCalls, Places, Suspended, SubjectSuspended, AcknowledgedAt, Acknowledger, Note);
}
