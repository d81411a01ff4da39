using System.Text.Json;
using Fluxgate.Engine.Anomalies;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Anomalies;

/// <summary>An API key or a connector with a past that it did not have.</summary>
internal sealed record Watched(TestInstallation Installation, TestMember Owner, Guid Id, string Kind = "api_key")
{
    public const string OldNetwork = "198.51.100.0/24";

    public static async Task<Watched> Key(TestInstallation installation, TestMember owner, int knownHours = 72, string place = OldNetwork) =>
        await new Watched(installation, owner, (await owner.NewKey("members:read")).Id()).KnownFor(knownHours, place);

    /// <summary>First seen that long ago.</summary>
    public async Task<Watched> KnownFor(int hours, string place = OldNetwork)
    {
        await Installation.Change("insert into activity_places values ($1, $2, $3, now() - make_interval(hours => $4), now(), true)", Owner.Organization, Id, place, hours);
        return this;
    }

    /// <summary>Calls, and bytes sent, in each of the hours that long ago; 0 is the hour now.</summary>
    public Task Did(int calls, int bytes, params int[] hoursAgo) => Installation.Change("""
        insert into activity_hours select $1, $2, date_trunc('hour', now()) - h * interval '1 hour', $3, $4 from unnest($5) h
        on conflict (organization_id, subject_id, hour) do update set calls = excluded.calls, bytes = excluded.bytes
        """, Owner.Organization, Id, calls, bytes, hoursAgo);

    /// <summary>Rows of the request log, the failed ones last.</summary>
    public Task Asked(int good, int bad, int status = 500) => Installation.Change("""
        insert into request_log (organization_id, id, api_key_id, method, path_hash, status, duration_ms)
        select $1, (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n), 3, '0') || '8' || substr(md5(random()::text), 1, 15))::uuid, $2, 'GET', sha256(''), case when n <= $3 then 200 else $5 end, 1
        from generate_series(1, $3 + $4) n
        """, Owner.Organization, Id, good, bad, status);

    /// <summary>Has it judged, by whichever turn comes first, and says what is known of it then.</summary>
    public async Task<JsonElement[]> Judged()
    {
        await Installation.Change("""
            insert into activity_news values ($1, $2, $3, coalesce((select max(hour) from activity_hours where organization_id = $1 and subject_id = $2), now()))
            on conflict (organization_id, subject_id) do nothing
            """, Owner.Organization, Id, Kind);
        await Condition.Holds(async () =>
        {
            await Installation.Services.GetRequiredService<AnomalyDetector>().Turn(CancellationToken.None);
            return await Installation.TextOf("select count(*)::text from activity_news where subject_id = $1", Id) == "0";
        }, "it is judged");
        return await Anomalies();
    }

    public async Task<JsonElement[]> Anomalies() => [.. (await Owner.Get($"/anomalies?subject_id={Id}").Success()).GetProperty("items").EnumerateArray()];

    public static async Task Set(TestMember owner, params (string Member, object Value)[] changes)
    {
        var current = await owner.Get("/anomaly-settings").Success();
        var next = current.GetProperty("settings").EnumerateObject().ToDictionary(p => p.Name, object (p) => p.Value);
        foreach (var (member, value) in changes)
            next[member] = value;
        await owner.Put("/anomaly-settings", next, ("If-Match", $"\"{current.GetProperty("version").GetInt32()}\"")).Success();
    }
}
