using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Engine.Anomalies;
using Fluxgate.Server.Security.RequestLog;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Anomalies;

/// <summary>FN11: what is unusual of a key or a connector, against the hours and places that it has.</summary>
public sealed class AnomalyTests
{
    private static readonly int[] TwoDays = [.. Enumerable.Range(1, 48)];

    private static string[] Kinds(JsonElement[] anomalies) => [.. anomalies.Select(a => a.Text("kind"))];

    [Fact]
    public async Task FN11_More_than_five_times_the_keys_own_median_hour_is_an_anomaly_and_a_young_key_has_none()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await Watched.Key(installation, owner);
        // Used in every second hour: that it rests in between does not make its work unusual.
        await key.Did(40, 0, [.. TwoDays.Where(h => h % 2 == 0)]);
        await key.Did(200, 0, 0);
        Assert.Empty(await key.Judged());
        await key.Did(201, 0, 0);
        var anomaly = Assert.Single(await key.Judged());
        Assert.Equal(
            ("volume", "open", 201, 200, 40), (anomaly.Text("kind"), anomaly.Text("state"), anomaly.GetProperty("measured").GetInt32(), anomaly.GetProperty("expected").GetInt32(), anomaly.GetProperty("usual").GetInt32()));
        Assert.Contains("201 requests in the hour from", anomaly.Text("summary"), StringComparison.Ordinal);
        var told = Assert.Single(await installation.Audited(owner.Organization, "anomaly.detected"));
        Assert.Equal((key.Id.ToString(), anomaly.Text("summary")), (told.GetProperty("resource").Text("id"), told.GetProperty("details").Text("summary")));

        // Older hours than a week are nothing to compare with.
        var idle = await Watched.Key(installation, owner, knownHours: 300);
        await idle.Did(1000, 0, 169, 170);
        await idle.Did(101, 0, 0);
        Assert.Equal(["volume"], Kinds(await idle.Judged()));
        var young = await Watched.Key(installation, owner, knownHours: 20);
        await young.Did(5000, 0, 0);
        Assert.Empty(await young.Judged());
    }

    [Fact]
    public async Task FN11_A_network_that_is_new_is_told_within_a_minute_by_signed_webhook_and_audit()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(204));
        var endpoint = await owner.Post("/webhook-endpoints", new { name = "SIEM", url = path.Address, event_types = new[] { "anomaly.detected" } }).Success();
        var key = await owner.NewKey("members:read");
        var watched = await new Watched(installation, owner, key.Id()).KnownFor(72);
        // One without a past, and one that is used from where it was before.
        var (first, same) = (await owner.NewKey("members:read"), await owner.NewKey("members:read"));
        await new Watched(installation, owner, same.Id()).KnownFor(72, "127.0.0.0/24");
        foreach (var one in (JsonElement[])[first, same, key])
            await installation.KeyClient(one).Get("/v1/members").Success();
        await Condition.Holds(() => Task.FromResult(path.Requests.Count > 0), "the alert came", seconds: 60);

        var request = path.Requests[0];
        var expected = HMACSHA256.HashData(
            Convert.FromBase64String(endpoint.Text("secret")["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}."), .. request.Body]);
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", request.Headers["webhook-signature"]);
        using var sent = JsonDocument.Parse(request.Body);
        var data = sent.RootElement.GetProperty("data");
        Assert.Equal(("anomaly.detected", "new_network", key.Id().ToString(), false), (sent.RootElement.Text("type"), data.Text("kind"), data.GetProperty("subject").Text("id"), data.GetProperty("suspended").GetBoolean()));
        var anomaly = Assert.Single(await watched.Judged());
        Assert.Equal(("127.0.0.0/24", data.Text("anomaly_id")), (Assert.Single(anomaly.GetProperty("places").EnumerateArray()).GetString(), anomaly.Text("id")));
        await installation.EventuallyAudited(owner.Organization, "anomaly.detected");
        // Nobody asked for suspension.
        await installation.KeyClient(key).Get("/v1/members").Success();
        foreach (var other in (JsonElement[])[first, same])
            Assert.Empty(await new Watched(installation, owner, other.Id()).Judged());
        await Condition.Holds(async () => await installation.TextOf("select sum(calls)::text from activity_hours where organization_id = $1", owner.Organization) == "4", "every request is counted once");
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1::/48")]
    [InlineData("fe80::1%2", "fe80::/48")]
    public void FN11_A_network_is_a_24_of_IPv4_and_a_48_of_IPv6(string address, string network) => Assert.Equal(network, NetworkOf.Address(System.Net.IPAddress.Parse(address)));

    [Fact]
    public async Task FN11_Errors_of_the_last_fifty_requests_count_until_they_are_acknowledged()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await Watched.Key(installation, owner);
        await key.Asked(0, 49);
        Assert.Empty(await key.Judged());
        await key.Asked(40, 10);
        Assert.Empty(await key.Judged());
        await key.Asked(0, 1);
        var anomaly = Assert.Single(await key.Judged());
        Assert.Equal(("error_rate", 11, 10, 50), (anomaly.Text("kind"), anomaly.GetProperty("measured").GetInt32(), anomaly.GetProperty("expected").GetInt32(), anomaly.GetProperty("of_calls").GetInt32()));
        await owner.Post($"/anomalies/{anomaly.Id()}/acknowledge", new { note = "a bad deployment" }).Success();
        Assert.Single(await key.Judged());
        await key.Asked(0, 50);
        Assert.Equal(["error_rate", "error_rate"], Kinds(await key.Judged()));
        // While the API is switched off every request is an error, and none the key's.
        var refused = await Watched.Key(installation, owner);
        await refused.Asked(0, 50, 503);
        Assert.Empty(await refused.Judged());
    }

    [Fact]
    public async Task FN11_An_hour_of_the_day_at_which_the_key_never_works_is_unusual()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await Watched.Key(installation, owner);
        await key.Did(10, 0, 26, 50, 74);
        await key.Did(1, 0, 0);
        Assert.Empty(await key.Judged());
        await key.Did(10, 0, 98);
        Assert.Equal(["unusual_hours"], Kinds(await key.Judged()));
        var often = await Watched.Key(installation, owner);
        await often.Did(10, 0, 26, 50, 74, 98, 168);
        await often.Did(1, 0, 0);
        Assert.Empty(await often.Judged());
    }

    [Fact]
    public async Task FN11_A_connector_that_sends_much_or_calls_a_new_host_is_an_anomaly()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200));
        Task<JsonElement> Connector(string name, string address) => owner.Post("/connectors", new
        {
            name, base_url = address, authentication = new { type = "none" }, endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        static string Calls(string connector) => $$$"""
            format: 1
            name: Calls {{{connector}}}
            trigger: { type: api }
            nodes:
              - { id: call, type: http, settings: { connector: {{{connector}}}, endpoint: call, body: "{{ trigger.body }}" } }
            """;
        // What the guard refuses goes nowhere.
        var forbidden = await Connector("forbidden", "http://127.0.0.3:81/");
        Assert.Equal("egress.blocked", (await owner.RunOnce(Calls("forbidden"), 1)).GetProperty("error").Text("code"));
        var connector = await Connector("erp", path.Address.AbsoluteUri);
        var watched = await new Watched(installation, owner, connector.Id(), "connector").KnownFor(72, "api.example.test");
        await owner.RunOnce(Calls("erp"), new string('x', 3000));
        await Condition.Holds(async () => await installation.TextOf("select count(*)::text from anomalies where subject_id = $1", watched.Id) == "1", "the new host was told", seconds: 60);
        var anomaly = Assert.Single(await watched.Anomalies());
        Assert.Equal(("new_host", "connector", "erp", path.Address.Authority), (anomaly.Text("kind"), anomaly.Text("subject_kind"), anomaly.Text("subject_name"), anomaly.GetProperty("places")[0].GetString()));
        Assert.Equal("1 t", await installation.TextOf("select calls || ' ' || left((bytes between 3000 and 4000)::text, 1) from activity_hours where subject_id = $1", watched.Id));

        Assert.Equal("0", await installation.TextOf("select count(*)::text from activity_hours where subject_id = $1", forbidden.Id()));
        await watched.Did(1, 3_000_000, TwoDays);
        await watched.Did(1, 15_000_000, 0);
        Assert.Single(await watched.Judged());
        await watched.Did(1, 15_000_001, 0);
        Assert.Equal(["outbound_bytes", "new_host"], Kinds(await watched.Judged()));
    }

    [Fact]
    public async Task FN11_One_that_is_open_takes_in_what_follows_and_calm_or_acknowledgement_arms_anew()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await Watched.Key(installation, owner);
        Task Seen(string network) => installation.Change("insert into activity_places values ($1, $2, $3, now(), now(), false)", owner.Organization, key.Id, network);
        await Seen("203.0.113.0/24");
        var first = Assert.Single(await key.Judged());
        await Seen("192.0.2.0/24");
        var grown = Assert.Single(await key.Judged());
        Assert.Equal((first.Id(), 2), (grown.Id(), grown.GetProperty("measured").GetInt32()));
        await installation.Change("update anomalies set last_seen = last_seen - interval '61 minutes' where id = $1", first.Id());
        await Seen("2001:db8::/48");
        Assert.Equal(2, (await key.Judged()).Length);

        await key.Did(500, 0, 0);
        var volume = (await key.Judged()).Single(a => a.Text("kind") == "volume");
        var officer = await owner.NewMember(installation, "audit_viewer");
        var acknowledged = await officer.Post($"/anomalies/{volume.Id()}/acknowledge", new { note = "the yearly import" }).Success();
        Assert.Equal(("acknowledged", officer.Email, "the yearly import"), (acknowledged.Text("state"), acknowledged.Text("acknowledger"), acknowledged.Text("note")));
        await officer.Post($"/anomalies/{volume.Id()}/acknowledge", new { note = "again" }).Success();
        Assert.Equal("the yearly import", Assert.Single(await installation.Audited(owner.Organization, "anomaly.acknowledged")).GetProperty("details").Text("note"));
        // The same hour is known; the next one is not.
        await key.Did(900, 0, 0);
        Assert.Single(await key.Judged(), a => a.Text("kind") == "volume");
        await installation.Change("update anomalies set hour = hour - interval '1 hour' where id = $1", volume.Id());
        Assert.Equal(2, (await key.Judged()).Count(a => a.Text("kind") == "volume"));
        Assert.Equal(4, (await installation.Audited(owner.Organization, "anomaly.detected")).Length);
        Assert.Equal(3, (await owner.Get("/anomalies?state=open&limit=200").Success()).GetProperty("items").GetArrayLength());
        await owner.Get("/anomalies?kind=odd").Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task FN11_Of_two_nodes_one_tells_of_each_anomaly_and_hours_without_turns_are_made_up_for()
    {
        const int Keys = 30;
        var installation = await Installation.Get();
        await using var second = await installation.AnotherNode();
        var owner = await installation.NewOrganization();
        // Two hours ago: nobody looked since.
        await installation.Change("""
            with keys as (insert into api_keys (organization_id, id, name, prefix, key_hash, pepper_version, scopes, created_at, expires_at)
                select $1, gen_random_uuid(), 'k' || n, substr(md5($1::text || n), 1, 12), sha256(n::text::bytea), 1, '{runs:read}', now(), now() + interval '1 day' from generate_series(1, $2) n returning id),
            places as (insert into activity_places select $1, id, '198.51.100.0/24', now() - interval '9 days', now(), true from keys),
            hours as (insert into activity_hours select $1, id, date_trunc('hour', now()) - interval '2 hours', 500, 0 from keys)
            insert into activity_news select $1, id, 'api_key', now() - interval '2 hours' from keys
            """, owner.Organization, Keys);
        var detectors = (AnomalyDetector[])[installation.Services.GetRequiredService<AnomalyDetector>(), second.Services.GetRequiredService<AnomalyDetector>()];
        await Condition.Holds(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => detectors[i % 2].Turn(CancellationToken.None)));
            return await installation.TextOf("select count(*)::text from activity_news where organization_id = $1", owner.Organization) == "0";
        }, "all are judged");
        // Who judged one again would have seen it again.
        Assert.Equal("0", await installation.TextOf("select count(*)::text from anomalies where organization_id = $1 and last_seen > first_seen", owner.Organization));
        Assert.Equal($"{Keys} {Keys}", await installation.TextOf("select count(*) || ' ' || count(distinct subject_id) from anomalies where organization_id = $1 and kind = 'volume'", owner.Organization));
        Assert.Equal(Keys, (await installation.Audited(owner.Organization, "anomaly.detected")).Length);
    }

    [Fact]
    public async Task FN11_Where_it_is_wished_an_anomaly_stops_its_key_on_every_node_until_it_is_restored()
    {
        var installation = await Installation.Get();
        await using var other = await installation.AnotherNode();
        var owner = await installation.NewOrganization();
        var created = await owner.NewKey("members:read");
        var key = await new Watched(installation, owner, created.Id()).KnownFor(72);
        var there = new TestClient(other.Address) { ApiKey = created.Text("key") };
        await Watched.Set(owner, ("new_network_suspends", true));
        await there.Get("/v1/members").Success();
        // What it did is counted within a second, and judged by the next turn.
        await Condition.Holds(async () => await installation.TextOf("select (suspended_at is not null)::text from api_keys where id = $1", key.Id) == "true", "the key is stopped", seconds: 60);
        // The other node knows it within a second, and so that it may go on.
        Task Answers(int status) => Condition.Holds(async () => (int)(await there.Get("/v1/members")).StatusCode == status, $"the other node answers {status}", seconds: 5);
        await Answers(403);
        var anomaly = Assert.Single(await key.Anomalies());
        Assert.True(anomaly.GetProperty("suspended").GetBoolean() && anomaly.GetProperty("subject_suspended").GetBoolean());
        var shown = await owner.Get($"/api-keys/{key.Id}").Success();
        Assert.Equal(("suspended", $"Anomaly: {anomaly.Text("summary")}"), (shown.Text("state"), shown.Text("suspended_reason")));
        var suspended = Assert.Single(await installation.Audited(owner.Organization, "api_key.suspended"));
        Assert.Equal(("system", anomaly.Text("id")), (suspended.GetProperty("actor").Text("kind"), suspended.GetProperty("details").Text("anomaly_id")));

        // Where it is tried from meanwhile teaches nothing, and is judged when it may go on.
        await installation.Change("insert into activity_places values ($1, $2, '203.0.113.0/24', now(), now(), false)", owner.Organization, key.Id);
        Assert.Single(await key.Judged());
        await owner.Post($"/anomalies/{anomaly.Id()}/acknowledge", new { }).Success();
        await owner.Post($"/api-keys/{key.Id}/restore", null).Success();
        Assert.Equal(["203.0.113.0/24", "127.0.0.0/24"], (await key.Judged()).Select(a => a.GetProperty("places")[0].GetString()));
        await owner.Post($"/api-keys/{key.Id}/restore", null).Success();
        await installation.KeyClient(created).Get("/v1/members").Success();
        Assert.Equal(2, (await key.Judged()).Length);
        await Answers(200);
    }

    [Fact]
    public async Task FN11_What_was_seen_while_a_kind_was_off_is_not_new_when_it_is_switched_on()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await Watched.Key(installation, owner);
        await Watched.Set(owner, ("new_network", false), ("volume", false));
        await installation.Change("insert into activity_places values ($1, $2, '203.0.113.0/24', now(), now(), false)", owner.Organization, key.Id);
        await key.Did(500, 0, 0);
        Assert.Empty(await key.Judged());
        await Watched.Set(owner, ("new_network", true), ("volume", true));
        Assert.Equal(["volume"], Kinds(await key.Judged()));
    }

    [Fact]
    public async Task FN11_Settings_are_read_changed_by_version_and_audited()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var defaults = await owner.Get("/anomaly-settings").Success();
        Assert.Equal((0, 5, 100, 20, 50), (
            defaults.GetProperty("version").GetInt32(), defaults.GetProperty("settings").GetProperty("volume_factor").GetInt32(), defaults.GetProperty("settings").GetProperty("volume_over").GetInt32(),
            defaults.GetProperty("settings").GetProperty("error_percent").GetInt32(), defaults.GetProperty("settings").GetProperty("error_calls").GetInt32()));
        await owner.Put("/anomaly-settings", OrganizationRoutes.AnomalySettings).Refuses(428, "precondition.missing");
        var officer = await owner.NewMember(installation, "audit_viewer");
        await officer.Put("/anomaly-settings", OrganizationRoutes.AnomalySettings, ("If-Match", "\"0\"")).Refuses(403, "permission.missing");
        var saved = await owner.Put("/anomaly-settings", OrganizationRoutes.AnomalySettings, ("If-Match", "\"0\"")).Success();
        await owner.Put("/anomaly-settings", OrganizationRoutes.AnomalySettings, ("If-Match", "\"0\"")).Refuses(412, "resource.stale");
        var read = await officer.Get("/anomaly-settings").Success();
        Assert.Equal(saved.GetRawText(), read.GetRawText());
        var wanted = JsonSerializer.SerializeToElement(OrganizationRoutes.AnomalySettings);
        Assert.Equal(
            wanted.EnumerateObject().Select(p => p.ToString()).Order(StringComparer.Ordinal), read.GetProperty("settings").EnumerateObject().Select(p => p.ToString()).Order(StringComparer.Ordinal));
        Assert.All(wanted.EnumerateObject(), p => Assert.NotEqual(p.Value.ToString(), defaults.GetProperty("settings").GetProperty(p.Name).ToString()));
        await Watched.Set(owner, ("volume_factor", 7));
        Assert.Equal(2, (await installation.Audited(owner.Organization, "anomaly_settings.updated")).Length);
        var bad = new Dictionary<string, object>(wanted.EnumerateObject().ToDictionary(p => p.Name, object (p) => p.Value)) { ["volume_factor"] = 0, ["history_hours"] = 169 };
        await owner.Put("/anomaly-settings", bad, ("If-Match", "\"2\"")).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task FN11_Old_hours_and_places_go_and_a_workflow_cannot_pretend_an_anomaly()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await Watched.Key(installation, owner);
        await key.Did(1, 0, 191, 194);
        await installation.Change("insert into activity_places values ($1, $2, '203.0.113.0/24', now() - interval '40 days', now() - interval '31 days', true)", owner.Organization, key.Id);
        var meter = installation.Services.GetRequiredService<ActivityMeter>();
        await meter.DeleteOldHours(CancellationToken.None);
        await meter.DeleteOldPlaces(TimeSpan.FromDays(30), CancellationToken.None);
        Assert.Equal("1 1", await installation.TextOf(
            "select (select count(*) from activity_hours where subject_id = $1) || ' ' || (select count(*) from activity_places where subject_id = $1)", key.Id));
        var draft = await owner.Post("/workflows/validate", new
        {
            document = "format: 1\nname: Lies\ntrigger: { type: api }\nnodes:\n  - { id: tell, type: emit, settings: { event: anomaly.detected, data: 1 } }\n", format = "yaml",
        });
        Assert.Contains("anomaly.", await draft.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
