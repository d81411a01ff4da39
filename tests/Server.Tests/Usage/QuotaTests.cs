using System.Globalization;
using System.Text.Json;
using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Usage;

/// <summary>F825: what an organization uses is shown, bounded, and recorded when it comes near its end.</summary>
public sealed class QuotaTests
{
    private const string Quick = "{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: transform, settings: { output: \"{{ trigger.body }}\" } }] }";

    private static Task<HttpResponseMessage> Start(TestMember owner, string workflow, object? input = null) =>
        owner.Post($"/workflows/{workflow}/runs", new { input = input ?? 1 }, ("Idempotency-Key", Guid.NewGuid().ToString()));

    private static async Task<(long Used, long? Most, string Level)> Usage(TestMember owner, string quota)
    {
        var found = (await owner.Get("/usage").Success()).GetProperty("quotas").EnumerateArray().Single(q => q.Text("quota") == quota);
        return (found.GetProperty("used").GetInt64(), found.GetProperty("most") is { ValueKind: JsonValueKind.Number } most ? most.GetInt64() : null, found.Text("level"));
    }

    private static Task Counted(TestMember owner, string quota, long used) =>
        Condition.Holds(async () => (await Usage(owner, quota)).Used == used, $"{quota} is {used}");

    /// <summary>Counts of a day begin anew at midnight; no test does so in its middle.</summary>
    private static Task DayHasAMinuteLeft() =>
        Condition.Holds(() => Task.FromResult(TimeProvider.System.GetUtcNow().TimeOfDay < TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1)), "the next day has begun", seconds: 90);

    private static Task<int> Set(TestInstallation installation, TestMember owner, string quota, long? most) => installation.Change(
        "insert into organization_quotas values ($1, $2, $3) on conflict (organization_id, quota) do update set most = excluded.most",
        owner.Organization, quota, most is { } limit ? limit : DBNull.Value);

    [Fact]
    public async Task F825_Runs_a_day_are_counted_shown_warned_of_and_refused_beyond_the_quota()
    {
        await DayHasAMinuteLeft();
        await using var installation = await TestInstallation.Start(("quotas:runs_a_day", "5"));
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Quick);
        for (var i = 0; i < 3; i++)
            await Start(owner, workflow).Success();
        await Counted(owner, "runs_a_day", 3);
        Assert.Equal((3, 5, "fine"), await Usage(owner, "runs_a_day"));
        await Start(owner, workflow).Success();
        await Counted(owner, "runs_a_day", 4);
        Assert.Equal("warning", (await Usage(owner, "runs_a_day")).Level);
        // Nothing is counted twice that is on its way: the fifth is taken, the sixth is not, whatever the second.
        await Start(owner, workflow).Success();
        var refused = await Start(owner, workflow);
        Assert.Equal((429, "quota.runs_a_day"), ((int)refused.StatusCode, await refused.Code()));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        await Counted(owner, "runs_a_day", 5);
        Assert.Equal(5, (await owner.Get("/usage").Success()).GetProperty("days")[0].GetProperty("runs").GetInt64());
        await Condition.Holds(async () => (await installation.Audited(owner.Organization, "quota.used")).Length > 0, "it is recorded that the quota is used");
        Assert.Equal((4, 5), (await installation.Audited(owner.Organization, "quota.nearly_used")) is [var near] ? (near.GetProperty("details").GetProperty("used").GetInt32(), near.GetProperty("details").GetProperty("most").GetInt32()) : default);
        Assert.Single(await installation.Audited(owner.Organization, "quota.used"));

        // Another organization has its own, and what an operator sets for one holds for that one.
        var other = await installation.NewOrganization();
        await Start(other, await other.Publish(Quick)).Success();
        await Set(installation, owner, "runs_a_day", 6);
        await Condition.Holds(async () => (await Start(owner, workflow)).IsSuccessStatusCode, "one more is taken");
        await Condition.Holds(async () => (int)(await Start(owner, workflow)).StatusCode == 429, "no more than that");
        await Set(installation, owner, "runs_a_day", null);
        await Condition.Holds(async () => (await Start(owner, workflow)).IsSuccessStatusCode, "without a limit any number is taken");

        // The counts outlive the server, also those of its last second.
        var runs = long.Parse(await installation.TextOf("select count(*) from runs where organization_id = $1", owner.Organization), CultureInfo.InvariantCulture);
        await installation.Restart();
        Assert.Equal(runs.ToString(CultureInfo.InvariantCulture), await installation.TextOf("select runs from organization_usage where organization_id = $1", owner.Organization));
    }

    [Fact]
    public async Task F825_A_quota_holds_on_another_node_and_calls_of_runs_under_way_go_on()
    {
        await DayHasAMinuteLeft();
        await using var installation = await TestInstallation.Start(("quotas:runs_a_day", "3"));
        var owner = await installation.NewOrganization();
        await owner.Publish("{ format: 1, name: Called, trigger: { type: workflow }, nodes: [{ id: a, type: merge }] }");
        var waits = await owner.Publish("""
            format: 1
            name: Waits
            trigger: { type: api }
            nodes: [{ id: w, type: wait, settings: { signal: go } }, { id: call, type: workflow, settings: { workflow: Called } }]
            edges: [{ from: w, port: received, to: call }]
            """);
        var workflow = await owner.Publish(Quick);
        var run = await owner.StartRun(waits);
        await Start(owner, workflow).Success();
        await Start(owner, workflow).Success();
        await Counted(owner, "runs_a_day", 3);
        await using var second = await installation.AnotherNode();
        var key = new TestClient(second.Address) { ApiKey = (await owner.NewKey(["runs:start"])).Text("key") };
        var refused = await key.Send(HttpMethod.Post, $"/v1/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k"));
        Assert.Equal((429, "quota.runs_a_day"), ((int)refused.StatusCode, await refused.Code()));
        await owner.Post($"/runs/{run}/signals", new { name = "go" }).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
        await Counted(owner, "runs_a_day", 4);
    }

    [Fact]
    public async Task F825_Stored_bytes_are_those_of_the_journal_and_become_fewer_when_runs_are_deleted()
    {
        await using var installation = await TestInstallation.Start(("quotas:stored_megabytes", "1"), ("retention:sweep_seconds", "1"), ("retention:least_run_count", "1"));
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Quick);
        var large = new string('x', 90_000);
        for (var i = 0; i < 2; i++)
            await owner.FinishedRun((await Start(owner, workflow, large).Success()).Text("run_id"));
        await owner.FinishedRun((await Start(owner, workflow).Success()).Text("run_id"));
        async Task<long> Inside() => long.Parse(await installation.TextOf("""
            select coalesce((select sum(octet_length(events)) from run_journal where organization_id = $1), 0) + coalesce((select sum(octet_length(value)) from run_values where organization_id = $1), 0)
            """, owner.Organization), CultureInfo.InvariantCulture);
        Assert.InRange(await Inside(), 2 * large.Length, 1024 * 1024);
        await Counted(owner, "stored_bytes", await Inside());

        for (var i = 0; i < 4; i++)
            await Start(owner, workflow, new { a = large, b = large });
        await Condition.Holds(async () => await (await Start(owner, workflow)).Code() == "quota.stored_bytes", "the quota is used");
        await owner.Put("/settings/retention", new { max_count = 1, min_count = 0 }).Success();
        await Condition.Holds(async () => (await Start(owner, workflow)).IsSuccessStatusCode, "there is room again");
        await Condition.Holds(async () => await Inside() is var inside && inside < large.Length && (await Usage(owner, "stored_bytes")).Used == inside, "what is counted is what is there");
    }

    [Fact]
    public async Task F825_Keys_members_and_the_bytes_of_the_key_value_store_are_bounded()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await Set(installation, owner, "api_keys", 1);
        var key = (await owner.NewKey(["runs:read"])).Text("id");
        await owner.Post("/api-keys", new { name = "more", scopes = new[] { "runs:read" } }).Refuses(422, "quota.api_keys");
        Assert.Equal((1, 1, "exceeded"), await Usage(owner, "api_keys"));
        Assert.Single((await owner.Get("/api-keys").Success()).GetProperty("items").EnumerateArray());
        await owner.Post($"/api-keys/{key}/revoke", null).Success();
        await owner.NewKey(["runs:read"]);

        await Set(installation, owner, "kv_bytes", 1000);
        await owner.Put("/kv/organization/a", new { value = new string('x', 700) }).Success();
        Assert.Equal("fine", (await Usage(owner, "kv_bytes")).Level);
        await owner.Put("/kv/organization/b", new { value = new string('x', 700) }).Refuses(422, "quota.kv_bytes");
        await owner.Get("/kv/organization/b").Refuses(404, "kv_entry.not_found");
        await owner.Put("/kv/organization/a", new { value = new string('x', 800) }).Success();
        Assert.Equal("warning", (await Usage(owner, "kv_bytes")).Level);
        Assert.Equal("kv_bytes", Assert.Single(await installation.Audited(owner.Organization, "quota.nearly_used")).GetProperty("resource").Text("name"));
        var run = await owner.RunOnce("{ format: 1, name: Keeps, trigger: { type: api }, nodes: [{ id: keep, type: kv, settings: { action: set, key: c, scope: organization, value: \"{{ trigger.body }}\" } }] }", new string('y', 300));
        Assert.Equal("quota.kv_bytes", run.GetProperty("error").Text("code"));

        await Set(installation, owner, "members", 1);
        var invited = People.NewEmail();
        var token = (await owner.Post("/invitations", new { email = invited, roles = new[] { "viewer" } }).Success()).Text("token");
        var joining = new { token, display_name = "Late", password = TestClient.Password };
        await installation.Client().Post("/v1/invitations/accept", joining).Refuses(422, "quota.members");
        Assert.Single((await owner.Get("/members").Success()).GetProperty("items").EnumerateArray());
        await Set(installation, owner, "members", 2);
        await installation.Client().Post("/v1/invitations/accept", joining).Success();
        Assert.Equal((2, 2, "exceeded"), await Usage(owner, "members"));
    }

    [Fact]
    public async Task F825_Of_many_keys_made_at_once_no_more_come_to_be_than_the_quota_allows()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await Set(installation, owner, "api_keys", 3);
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => owner.Post("/api-keys", new { name = $"k{i}", scopes = new[] { "runs:read" } })));
        Assert.Equal(3, made.Count(m => m.IsSuccessStatusCode));
        Assert.Equal(3, (await Usage(owner, "api_keys")).Used);
    }

    [Fact]
    public async Task F825_An_operator_sets_quotas_beside_the_running_server_and_it_is_audited()
    {
        await DayHasAMinuteLeft();
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        string[] data = ["--data", installation.DataDirectory];
        shell.Environment["FLUXGATE_QUOTAS__MEMBERS"] = "7";
        Assert.Equal((0, "", ""), await shell.Run(null, ["quotas", "set", owner.Slug, "runs_a_day", "1", .. data]));
        var (exit, shown, _) = await shell.Run(null, ["quotas", "show", owner.Slug, .. data]);
        Assert.Equal(0, exit);
        Assert.Matches(@"runs_a_day +1 +operator", shown);
        Assert.Matches(@"members +7 +configuration", shown);
        Assert.Matches(@"api_keys +none +configuration", shown);
        var workflow = await owner.Publish(Quick);
        await Start(owner, workflow).Success();
        Assert.Equal(429, (int)(await Start(owner, workflow)).StatusCode);
        await Counted(owner, "runs_a_day", 1);
        Assert.Matches(@"runs_a_day +1 +1 +exceeded", (await shell.Run(null, "usage")).Out);
        Assert.Equal(0, (await shell.Run(null, ["quotas", "set", owner.Slug, "runs_a_day", "default", .. data])).Exit);
        Assert.Equal((1, "", "organization.not_found: There is no such organization.\n"), await shell.Run(null, ["quotas", "set", "nobody", "members", "none", .. data]));
        Assert.Equal(2, (await shell.Run(null, ["quotas", "set", owner.Slug, "runs_a_day", "-1", .. data])).Exit);
        Assert.Equal(2, (await shell.Run(null, ["quotas", "set", owner.Slug, "wishes", "1", .. data])).Exit);
        var events = await installation.Audited(owner.Organization, "quota.set");
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Number], events.Select(e => e.GetProperty("after").GetProperty("most").ValueKind));
        // PostgreSQL, which the server has started, still runs.
        await Condition.Holds(async () => (await Start(owner, workflow)).IsSuccessStatusCode, "the server goes on");
    }
}
