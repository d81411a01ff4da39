using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Deliveries;

namespace Fluxgate.Engine.Anomalies;

/// <summary>Whose anomaly it is; the name as alerts show it.</summary>
internal sealed record AlertSubject(OrganizationId Organization, ActivitySubject Kind, Guid Id, string Name);

/// <summary>The last anomaly of a kind that a key or connector had.</summary>
internal sealed record LatestAnomaly(Guid Id, Guid SubjectId, AnomalyKind Kind, DateTimeOffset LastSeen, DateTimeOffset? AcknowledgedAt, DateTimeOffset? Hour, string[] Places);

/// <summary>Turns what is unusual into an anomaly with its audit event, its webhook event and, where that is wished, the suspension of its key.</summary>
public sealed class AnomalyAlerts(KeyVault vault, AuditLog audit, TimeProvider clock)
{
    public const string EventType = "anomaly.detected";

    private static readonly Actor Self = Actor.System("anomalies");

    /// <summary>Nothing for that long, and the next is an anomaly of its own.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromHours(1);

    private const int MostPlaces = 20;
    private const int LongestReason = 500;

    internal static async Task<IReadOnlyDictionary<(Guid Subject, AnomalyKind Kind), LatestAnomaly>> Latest(Transaction transaction, Guid[] organizations, Guid[] subjects, CancellationToken cancel) =>
        (await transaction.Query<LatestAnomaly>($"""
            select distinct on (a.organization_id, a.subject_id, a.kind) a.id, a.subject_id, a.kind, a.last_seen, a.acknowledged_at, a.hour, a.places
            from unnest({organizations}, {subjects}) as w (organization_id, subject_id)
            join anomalies a on a.organization_id = w.organization_id and a.subject_id = w.subject_id
            order by a.organization_id, a.subject_id, a.kind, a.id desc
            """, cancel)).ToDictionary(a => (a.SubjectId, a.Kind));

    /// <summary>
    /// While one of the kind is open and not calm what comes belongs to it, without another alert; and an hour that was told of
    /// is not told of again. Whether it alerted.
    /// </summary>
    internal async Task<bool> Raise(Transaction transaction, AlertSubject subject, AnomalyFact fact, LatestAnomaly? latest, bool suspends, DateTimeOffset now, CancellationToken cancel)
    {
        if (latest is { AcknowledgedAt: null } open && open.LastSeen >= now - Calm)
        {
            await GoOn(transaction, subject, fact, open, now, cancel);
            // A place that is new is new also beside another.
            if (suspends && fact.Places.Length > 0)
                await Suspend(transaction, subject, fact, open.Id, now, cancel);
            return false;
        }
        if (fact.Hour is { } hour && latest?.Hour >= hour)
            return false;
        var id = Uuid.New(clock);
        await transaction.Execute($"""
            insert into anomalies (organization_id, id, kind, subject_kind, subject_id, subject_name, first_seen, last_seen, measured, expected, hour, usual, of_calls, places, suspended)
            values ({subject.Organization}, {id}, {fact.Kind}, {subject.Kind}, {subject.Id}, {subject.Name}, {now}, {now}, {fact.Measured}, {fact.Expected},
                {fact.Hour}, {fact.Usual}, {fact.OfCalls}, {fact.Places}, false)
            """, cancel);
        await audit.Append(transaction, subject.Organization, new AuditEntry(EventType, "execute", Self, Resource(subject)) { Details = Details(id, fact) }, cancel);
        var suspended = suspends && await Suspend(transaction, subject, fact, id, now, cancel);
        await Tell(transaction, subject, fact, id, suspended, cancel);
        return true;
    }

    private static Task<int> GoOn(Transaction transaction, AlertSubject subject, AnomalyFact fact, LatestAnomaly open, DateTimeOffset now, CancellationToken cancel)
    {
        var places = open.Places.Union(fact.Places).Take(MostPlaces).ToArray();
        return transaction.Execute($"""
            update anomalies set last_seen = {now}, places = {places}, expected = {fact.Expected}, hour = {fact.Hour}, usual = {fact.Usual}, of_calls = {fact.OfCalls},
                measured = case when {fact.Places.Length} > 0 then measured + {fact.Measured} else {fact.Measured} end
            where organization_id = {subject.Organization} and id = {open.Id}
            """, cancel);
    }

    /// <summary>Stops the key on every node within a second.</summary>
    private async Task<bool> Suspend(Transaction transaction, AlertSubject subject, AnomalyFact fact, Guid anomaly, DateTimeOffset now, CancellationToken cancel)
    {
        var reason = StorableText.Cut($"Anomaly: {fact.Sentence()}", LongestReason);
        if (await transaction.Execute($"""
            update api_keys set suspended_at = {now}, suspended_reason = {reason} where organization_id = {subject.Organization} and id = {subject.Id} and suspended_at is null
            """, cancel) == 0)
            return false;
        await transaction.Execute($"update anomalies set suspended = true where organization_id = {subject.Organization} and id = {anomaly}", cancel);
        await audit.Append(transaction, subject.Organization, new AuditEntry("api_key.suspended", "update", Self, Resource(subject))
        {
            Details = new JsonObject { ["reason"] = reason, ["anomaly_id"] = anomaly.ToString() },
        }, cancel);
        return true;
    }

    private async Task Tell(Transaction transaction, AlertSubject subject, AnomalyFact fact, Guid anomaly, bool suspended, CancellationToken cancel)
    {
        var data = Details(anomaly, fact);
        data["subject"] = new JsonObject { ["kind"] = SnakeCase.From(subject.Kind), ["id"] = subject.Id.ToString(), ["name"] = subject.Name };
        data["suspended"] = suspended;
        await Outbox.Add(transaction, subject.Organization, await vault.For(subject.Organization, cancel), EventType, data, clock, cancel);
    }

    private static AuditResource Resource(AlertSubject subject) => new(SnakeCase.From(subject.Kind), subject.Id, subject.Name);

    private static JsonObject Details(Guid id, AnomalyFact fact) => new()
    {
        ["anomaly_id"] = id.ToString(),
        ["kind"] = SnakeCase.From(fact.Kind),
        ["summary"] = fact.Sentence(),
        ["measured"] = fact.Measured,
        ["expected"] = fact.Expected,
        ["places"] = new JsonArray([.. fact.Places.Select(p => (JsonNode)p)]),
    };
}
