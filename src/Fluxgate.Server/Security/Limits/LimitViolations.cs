using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.Limits;

/// <summary>
/// Counts refused requests by the hour, in memory first: whoever is refused ten thousand times a second must not make as
/// many statements. What a server had counted when it died is missing.
/// </summary>
internal sealed class LimitViolations(Database database, TimeProvider clock, ILogger<LimitViolations> log) : BackgroundService
{
    public static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    private const int Most = 10_000;
    private static readonly TimeSpan WrittenEvery = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private Dictionary<(OrganizationId Organization, LimitSubject Subject), long> counts = [];

    public void Count(OrganizationId organization, LimitSubject subject)
    {
        lock (turn)
            if (counts.Count < Most || counts.ContainsKey((organization, subject)))
                counts[(organization, subject)] = counts.GetValueOrDefault((organization, subject)) + 1;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(WrittenEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await Write(CancellationToken.None);
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Refused requests could not be counted");
            }
        }
    }

    /// <summary>Deletes what is no longer shown, all at once: it is few rows an hour.</summary>
    public async Task<bool> DeleteOld(CancellationToken cancel)
    {
        await database.Platform.Execute($"delete from limit_violations where hour < {clock.GetUtcNow() - Shown - TimeSpan.FromHours(1)}", cancel);
        return false;
    }

    private async Task Write(CancellationToken cancel)
    {
        Dictionary<(OrganizationId Organization, LimitSubject Subject), long> taken;
        lock (turn)
        {
            if (counts.Count == 0)
                return;
            (taken, counts) = (counts, []);
        }
        var now = clock.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        await database.Platform.Execute($"""
            insert into limit_violations (organization_id, limit_name, subject_id, hour, refused)
            select v.organization_id, v.limit_name, v.subject_id, {hour}, v.refused
            from unnest({taken.Keys.Select(k => k.Organization.Value).ToArray()}, {taken.Keys.Select(k => SnakeCase.From(k.Subject.Limit)).ToArray()},
                        {taken.Keys.Select(k => k.Subject.Id).ToArray()}, {taken.Values.ToArray()}) as v (organization_id, limit_name, subject_id, refused)
            where exists (select from organizations o where o.id = v.organization_id)
            on conflict (organization_id, limit_name, subject_id, hour) do update set refused = limit_violations.refused + excluded.refused
            """, cancel);
    }
}
