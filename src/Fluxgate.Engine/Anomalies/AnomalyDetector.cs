using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Deliveries;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Anomalies;

/// <summary>
/// Judges the keys and connectors that did something since they were last judged, all that one turn finds together. Every node
/// does; who deletes the news of one judges it, in that transaction, so that each is judged once and none is forgotten by a
/// node that dies. Only what they did is read, not what there is: hours and places, and of the request log the last few rows.
/// </summary>
public sealed class AnomalyDetector(Database database, AnomalyAlerts alerts, DeliverySignal deliveries, TimeProvider clock, ILogger<AnomalyDetector> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int AtOnce = 200;
    private const int MostATurn = 20_000;
    private const int DeletedAtOnce = 1000;

    /// <summary>An anomaly is kept for a year after it was last seen; that it was is in the audit for good.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    private sealed record Waiting(OrganizationId OrganizationId, Guid SubjectId);

    private sealed record NewsRow(OrganizationId OrganizationId, Guid SubjectId, ActivitySubject SubjectKind, DateTimeOffset Since);

    private sealed record SubjectRow(OrganizationId OrganizationId, Guid SubjectId, string Name, bool Active, DateTimeOffset? RestoredAt);

    private sealed record KnownRow(Guid SubjectId, DateTimeOffset KnownSince);

    private sealed record HourRow(Guid SubjectId, DateTimeOffset Hour, long Calls, long Bytes, double UsualCalls, double UsualBytes, int Days, bool SameHour);

    private sealed record PlaceRow(Guid SubjectId, string Place, DateTimeOffset FirstSeen);

    private sealed record ErrorRow(Guid SubjectId, int Calls, int Errors);

    /// <summary>Judges whoever did something; how many it judged itself. Another node, or another turn, may be judging the others.</summary>
    public async Task<int> Turn(CancellationToken cancel)
    {
        var waiting = await database.Platform.Query<Waiting>($"select organization_id, subject_id from activity_news order by since limit {MostATurn}", cancel);
        var judged = 0;
        foreach (var some in waiting.Chunk(AtOnce))
        {
            try
            {
                judged += await Judge(some, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && some.Length > 1)
            {
                log.LogWarning(e, "{Subjects} keys and connectors could not be judged together; each is judged alone", some.Length);
                judged += await JudgeEach(some, cancel);
            }
        }
        return judged;
    }

    /// <summary>Deletes a batch of the oldest; whether there may be more.</summary>
    public async Task<bool> DeleteOld(CancellationToken cancel) => await database.Platform.Execute($"""
        delete from anomalies a
        using (select organization_id, id from anomalies where last_seen < {clock.GetUtcNow() - Kept} limit {DeletedAtOnce}) old
        where a.organization_id = old.organization_id and a.id = old.id
        """, cancel) == DeletedAtOnce;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Turn(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "What is unusual was not looked for; the next turn makes up for it");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is wrong with one of them must not keep the others from being judged.</summary>
    private async Task<int> JudgeEach(Waiting[] some, CancellationToken cancel)
    {
        var judged = 0;
        foreach (var one in some)
        {
            try
            {
                judged += await Judge([one], cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                log.LogError(e, "{Subject} of {Organization} could not be judged; the next turn tries again", one.SubjectId, one.OrganizationId);
            }
        }
        return judged;
    }

    private async Task<int> Judge(Waiting[] some, CancellationToken cancel)
    {
        var (judged, alerted) = await database.Engine([.. some.Select(w => w.OrganizationId).Distinct()]).Transact(async transaction =>
        {
            var news = await Take(transaction, some, cancel);
            return (news.Count, news.Count > 0 && await Judge(transaction, news, cancel));
        }, cancel);
        if (alerted)
            deliveries.Raise();
        return judged;
    }

    private async Task<bool> Judge(Transaction transaction, IReadOnlyList<NewsRow> news, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var settings = await Settings(transaction, news, cancel);
        // What is refused anyway is not judged, nor does it teach anything: where a suspended key is tried from stays new.
        var subjects = (await Subjects(transaction, news, now, cancel)).Where(s => s.Active).ToDictionary(s => s.SubjectId);
        var judged = news.Where(n => subjects.ContainsKey(n.SubjectId)).ToArray();
        if (judged.Length == 0)
            return false;
        var latest = await AnomalyAlerts.Latest(transaction, [.. judged.Select(n => n.OrganizationId.Value)], [.. judged.Select(n => n.SubjectId)], cancel);
        var places = (await NewPlaces(transaction, judged, cancel)).ToLookup(p => p.SubjectId);
        var known = (await KnownSince(transaction, judged, cancel)).ToDictionary(k => k.SubjectId, k => k.KnownSince);
        var hours = (await Hours(transaction, judged, cancel)).ToLookup(h => h.SubjectId);
        var errors = (await Errors(transaction, judged, subjects, settings, latest, cancel)).ToDictionary(e => e.SubjectId);

        var alerted = false;
        foreach (var one in judged)
        {
            var own = settings.GetValueOrDefault(one.OrganizationId, AnomalySettings.Default);
            var last = errors.GetValueOrDefault(one.SubjectId);
            var measures = new Measures(
                one.SubjectKind, known.TryGetValue(one.SubjectId, out var since) ? since : null,
                [.. hours[one.SubjectId].OrderBy(h => h.Hour).Select(h => new HourMeasured(h.Hour, h.Calls, (long)h.UsualCalls, h.Bytes, (long)h.UsualBytes, h.Days, h.SameHour))],
                [.. places[one.SubjectId].Select(p => new PlaceMeasured(p.Place, p.FirstSeen))],
                last?.Calls ?? 0, last?.Errors ?? 0);
            var subject = new AlertSubject(one.OrganizationId, one.SubjectKind, one.SubjectId, subjects[one.SubjectId].Name);
            // Of several hours of one kind the last one tells.
            foreach (var fact in AnomalyRules.Facts(measures, own).GroupBy(f => f.Kind).Select(f => f.Last()))
                alerted |= await alerts.Raise(transaction, subject, fact, latest.GetValueOrDefault((one.SubjectId, fact.Kind)), own.Suspends(fact.Kind), now, cancel);
        }
        return alerted;
    }

    /// <summary>Those that no other node is judging just now. Their rows return if this transaction fails.</summary>
    private static Task<IReadOnlyList<NewsRow>> Take(Transaction transaction, Waiting[] some, CancellationToken cancel) => transaction.Query<NewsRow>($"""
        with taken as (
            select n.organization_id, n.subject_id
            from activity_news n
            join unnest({some.Select(w => w.OrganizationId.Value).ToArray()}, {some.Select(w => w.SubjectId).ToArray()}) as w (organization_id, subject_id)
                on w.organization_id = n.organization_id and w.subject_id = n.subject_id
            for update of n skip locked
        )
        delete from activity_news n using taken t
        where n.organization_id = t.organization_id and n.subject_id = t.subject_id
        returning n.organization_id, n.subject_id, n.subject_kind, n.since
        """, cancel);

    private static async Task<Dictionary<OrganizationId, AnomalySettings>> Settings(Transaction transaction, IReadOnlyList<NewsRow> news, CancellationToken cancel)
    {
        var organizations = news.Select(n => n.OrganizationId.Value).Distinct().ToArray();
        var rows = await transaction.Query<AnomalySettingsRow>($"select {AnomalySettingsRow.Columns} from anomaly_settings where organization_id = any ({organizations})", cancel);
        return rows.ToDictionary(r => r.OrganizationId, r => r.Settings);
    }

    private static Task<IReadOnlyList<SubjectRow>> Subjects(Transaction transaction, IReadOnlyList<NewsRow> news, DateTimeOffset now, CancellationToken cancel) => transaction.Query<SubjectRow>($"""
        select w.organization_id, w.subject_id, coalesce(k.name || ' (' || k.prefix || ')', c.name) as name,
               c.id is not null or (k.suspended_at is null and k.revoked_at is null and k.expires_at > {now}) as active, k.restored_at
        from unnest({news.Select(n => n.OrganizationId.Value).ToArray()}, {news.Select(n => n.SubjectId).ToArray()}) as w (organization_id, subject_id)
        left join api_keys k on k.organization_id = w.organization_id and k.id = w.subject_id
        left join connectors c on c.organization_id = w.organization_id and c.id = w.subject_id
        where k.id is not null or c.id is not null
        """, cancel);

    private static Task<IReadOnlyList<KnownRow>> KnownSince(Transaction transaction, NewsRow[] news, CancellationToken cancel) => transaction.Query<KnownRow>($"""
        select p.subject_id, min(p.first_seen) as known_since
        from unnest({news.Select(n => n.OrganizationId.Value).ToArray()}, {news.Select(n => n.SubjectId).ToArray()}) as w (organization_id, subject_id)
        join activity_places p on p.organization_id = w.organization_id and p.subject_id = w.subject_id
        group by p.subject_id
        """, cancel);

    /// <summary>Each is judged once, be its kind on or off: what was seen while it was off is not new when it is switched on.</summary>
    private static Task<IReadOnlyList<PlaceRow>> NewPlaces(Transaction transaction, NewsRow[] news, CancellationToken cancel) => transaction.Query<PlaceRow>($"""
        update activity_places p set judged = true
        from unnest({news.Select(n => n.OrganizationId.Value).ToArray()}, {news.Select(n => n.SubjectId).ToArray()}) as w (organization_id, subject_id)
        where p.organization_id = w.organization_id and p.subject_id = w.subject_id and not p.judged
        returning p.subject_id, p.place, p.first_seen
        """, cancel);

    /// <summary>The hours in which something happened since the last time, each beside the 168 before it: so none is left out after a time without turns.</summary>
    private static Task<IReadOnlyList<HourRow>> Hours(Transaction transaction, NewsRow[] news, CancellationToken cancel) => transaction.Query<HourRow>($"""
        select h.subject_id, h.hour, h.calls, h.bytes, coalesce(b.usual_calls, 0) as usual_calls, coalesce(b.usual_bytes, 0) as usual_bytes,
               coalesce(b.days, 0) as days, coalesce(b.same_hour, false) as same_hour
        from unnest({news.Select(n => n.OrganizationId.Value).ToArray()}, {news.Select(n => n.SubjectId).ToArray()}, {news.Select(n => n.Since).ToArray()})
            as w (organization_id, subject_id, since)
        join activity_hours h on h.organization_id = w.organization_id and h.subject_id = w.subject_id and h.hour > w.since - interval '1 hour'
        cross join lateral (
            select percentile_cont(0.5) within group (order by p.calls) as usual_calls,
                   percentile_cont(0.5) within group (order by p.bytes) as usual_bytes,
                   (count(distinct (p.hour at time zone 'UTC')::date) filter (where (p.hour at time zone 'UTC')::date < (h.hour at time zone 'UTC')::date))::integer as days,
                   bool_or(extract(hour from p.hour at time zone 'UTC') = extract(hour from h.hour at time zone 'UTC')) as same_hour
            from activity_hours p
            where p.organization_id = h.organization_id and p.subject_id = h.subject_id and p.hour >= h.hour - interval '168 hours' and p.hour < h.hour and p.calls > 0
        ) b
        """, cancel);

    /// <summary>Errors among the last requests of each key, of those after the last anomaly of this kind and after it was restored: what is known already does not count twice. A 503 is the server's own (switched off, full, overloaded): nobody's key is stopped for that.</summary>
    private static Task<IReadOnlyList<ErrorRow>> Errors(
        Transaction transaction, NewsRow[] news, Dictionary<Guid, SubjectRow> subjects, Dictionary<OrganizationId, AnomalySettings> settings,
        IReadOnlyDictionary<(Guid Subject, AnomalyKind Kind), LatestAnomaly> latest, CancellationToken cancel)
    {
        var keys = news.Where(n => n.SubjectKind == ActivitySubject.ApiKey).ToArray();
        Guid From(NewsRow key)
        {
            var known = latest.GetValueOrDefault((key.SubjectId, AnomalyKind.ErrorRate));
            DateTimeOffset?[] times = [known?.LastSeen, known?.AcknowledgedAt, subjects[key.SubjectId].RestoredAt];
            return times.Max() is { } time ? Uuid.First(time) : Guid.Empty;
        }
        return transaction.Query<ErrorRow>($"""
            select w.subject_id, e.calls, e.errors
            from unnest({keys.Select(n => n.OrganizationId.Value).ToArray()}, {keys.Select(n => n.SubjectId).ToArray()}, {keys.Select(From).ToArray()},
                {keys.Select(n => settings.GetValueOrDefault(n.OrganizationId, AnomalySettings.Default).ErrorCalls).ToArray()}) as w (organization_id, subject_id, since, calls)
            cross join lateral (
                select count(*)::integer as calls, (count(*) filter (where status >= 400 and status <> 503))::integer as errors
                from (select status from request_log r
                      where r.organization_id = w.organization_id and r.api_key_id = w.subject_id and r.id > w.since
                      order by r.id desc limit w.calls) last
            ) e
            """, cancel);
    }
}
