using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Anomalies;

/// <summary>One thing that a key or connector did. <paramref name="Place"/> is the network that it came from, or the host that it went to.</summary>
public sealed record NotedActivity(OrganizationId Organization, ActivitySubject Kind, Guid Subject, DateTimeOffset At, long Bytes, string? Place);

/// <summary>
/// Counts what keys and connectors do, by the hour and by place, in memory first: a request or call pays for an addition. About
/// once a second it goes to PostgreSQL, for all of them together; a server that dies takes a second of it along.
/// </summary>
public sealed class ActivityMeter(Database database, TimeProvider clock, ILogger<ActivityMeter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int LongestPlace = 300;
    private const int DeletedAtOnce = 5000;

    /// <summary>The days before an hour that it is compared with, and that hour's own.</summary>
    private static readonly TimeSpan HoursKept = TimeSpan.FromDays(8);

    private sealed record Subject(OrganizationId Organization, ActivitySubject Kind, Guid Id);

    private sealed record Hour(Subject Subject, DateTimeOffset Begin);

    private sealed record Place(Subject Subject, string Name);

    /// <summary>What is counted and not written.</summary>
    private sealed class Counts
    {
        public Dictionary<Hour, (long Calls, long Bytes)> Hours { get; } = [];

        public Dictionary<Place, (DateTimeOffset First, DateTimeOffset Last)> Places { get; } = [];

        public Dictionary<Subject, DateTimeOffset> News { get; } = [];

        public void Add(Hour hour, long calls, long bytes)
        {
            var before = Hours.GetValueOrDefault(hour);
            Hours[hour] = (before.Calls + calls, before.Bytes + bytes);
        }

        public void Add(Place place, DateTimeOffset first, DateTimeOffset last) => Places[place] = Places.TryGetValue(place, out var before)
            ? (first < before.First ? first : before.First, last > before.Last ? last : before.Last)
            : (first, last);

        public void Add(Subject subject, DateTimeOffset since) => News[subject] = News.TryGetValue(subject, out var before) && before < since ? before : since;
    }

    private readonly Lock turn = new();
    private Counts counts = new();

    public void Note(NotedActivity activity)
    {
        var subject = new Subject(activity.Organization, activity.Kind, activity.Subject);
        lock (turn)
        {
            counts.Add(new Hour(subject, HourOf(activity.At)), 1, activity.Bytes);
            if (activity.Place is { Length: > 0 } place)
                counts.Add(new Place(subject, StorableText.Cut(place, LongestPlace)), activity.At, activity.At);
            counts.Add(subject, activity.At);
        }
    }

    /// <summary>Deletes a batch of the hours that nothing is compared with any more; whether there may be more.</summary>
    public async Task<bool> DeleteOldHours(CancellationToken cancel) => await database.Platform.Execute($"""
        delete from activity_hours h
        using (select organization_id, subject_id, hour from activity_hours where hour < {clock.GetUtcNow() - HoursKept} limit {DeletedAtOnce}) old
        where h.organization_id = old.organization_id and h.subject_id = old.subject_id and h.hour = old.hour
        """, cancel) == DeletedAtOnce;

    /// <summary>The same for places that were not seen for <paramref name="kept"/>: after that they are new again.</summary>
    public async Task<bool> DeleteOldPlaces(TimeSpan kept, CancellationToken cancel) => await database.Platform.Execute($"""
        delete from activity_places p
        using (select organization_id, subject_id, place from activity_places where last_seen < {clock.GetUtcNow() - kept} limit {DeletedAtOnce}) old
        where p.organization_id = old.organization_id and p.subject_id = old.subject_id and p.place = old.place
        """, cancel) == DeletedAtOnce;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                // Also after the stop, for what came last.
                await Send(CancellationToken.None);
            }
            catch (Exception e)
            {
                // Whatever it is: what leaves this loop stops the server.
                log.LogWarning(e, "What keys and connectors do is written a moment later");
            }
        }
    }

    private async Task Send(CancellationToken cancel)
    {
        Counts taken;
        lock (turn)
        {
            if (counts.News.Count == 0)
                return;
            (taken, counts) = (counts, new Counts());
        }
        try
        {
            await Write(taken, cancel);
            taken.Hours.Clear();
            taken.Places.Clear();
            // A statement of its own, after the other: who takes the news away finds what they are about, and neither waits for the other's rows.
            await Tell(taken, cancel);
            taken.News.Clear();
        }
        finally
        {
            PutBack(taken);
        }
    }

    private void PutBack(Counts unsent)
    {
        lock (turn)
        {
            foreach (var (hour, (calls, bytes)) in unsent.Hours)
                counts.Add(hour, calls, bytes);
            foreach (var (place, (first, last)) in unsent.Places)
                counts.Add(place, first, last);
            foreach (var (subject, since) in unsent.News)
                counts.Add(subject, since);
        }
    }

    /// <summary>Ordered by their keys, so that two nodes do not wait for each other. A place's time of last use is written once an hour.</summary>
    private Task<int> Write(Counts taken, CancellationToken cancel) => database.Platform.Execute($"""
        with hours as (
            insert into activity_hours (organization_id, subject_id, hour, calls, bytes)
            select h.* from unnest({taken.Hours.Keys.Select(h => h.Subject.Organization.Value).ToArray()}, {taken.Hours.Keys.Select(h => h.Subject.Id).ToArray()},
                {taken.Hours.Keys.Select(h => h.Begin).ToArray()}, {taken.Hours.Values.Select(h => h.Calls).ToArray()}, {taken.Hours.Values.Select(h => h.Bytes).ToArray()})
                as h (organization_id, subject_id, hour, calls, bytes)
            where exists (select from organizations o where o.id = h.organization_id)
            order by 1, 2, 3
            on conflict (organization_id, subject_id, hour) do update set calls = activity_hours.calls + excluded.calls, bytes = activity_hours.bytes + excluded.bytes
        )
        insert into activity_places (organization_id, subject_id, place, first_seen, last_seen, judged)
        select p.*, false from unnest({taken.Places.Keys.Select(p => p.Subject.Organization.Value).ToArray()}, {taken.Places.Keys.Select(p => p.Subject.Id).ToArray()},
            {taken.Places.Keys.Select(p => p.Name).ToArray()}, {taken.Places.Values.Select(p => p.First).ToArray()}, {taken.Places.Values.Select(p => p.Last).ToArray()})
            as p (organization_id, subject_id, place, first_seen, last_seen)
        where exists (select from organizations o where o.id = p.organization_id)
        order by 1, 2, 3
        on conflict (organization_id, subject_id, place) do update set last_seen = excluded.last_seen
        where activity_places.last_seen < excluded.last_seen - interval '1 hour'
        """, cancel);

    private Task<int> Tell(Counts taken, CancellationToken cancel) => database.Platform.Execute($"""
        insert into activity_news (organization_id, subject_id, subject_kind, since)
        select n.* from unnest({taken.News.Keys.Select(s => s.Organization.Value).ToArray()}, {taken.News.Keys.Select(s => s.Id).ToArray()},
            {taken.News.Keys.Select(s => SnakeCase.From(s.Kind)).ToArray()}, {taken.News.Values.ToArray()}) as n (organization_id, subject_id, subject_kind, since)
        where exists (select from organizations o where o.id = n.organization_id)
        order by 1, 2
        on conflict (organization_id, subject_id) do update set since = least(activity_news.since, excluded.since)
        """, cancel);

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, 0, 0, at.Offset);
}
