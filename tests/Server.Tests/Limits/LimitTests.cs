using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Limits;
using Fluxgate.Data.Audit;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;
using Fluxgate.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Limits;

public sealed class LimitTests
{
    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private static async Task<List<HttpResponseMessage>> Repeat(int times, Func<Task<HttpResponseMessage>> request)
    {
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < times; i++)
            answers.Add(await request());
        return answers;
    }

    private static async Task IsRefused(HttpResponseMessage answer, string policy)
    {
        Assert.Equal((HttpStatusCode.TooManyRequests, "limit.exceeded"), (answer.StatusCode, (await answer.Json()).Text("code")));
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        Assert.Contains(policy, Header(answer, "RateLimit-Policy"), StringComparison.Ordinal);
        Assert.Matches("\"[a-z-]+\";r=[0-9]+;t=[0-9]+$", Header(answer, "RateLimit"));
    }

    [Fact]
    public async Task FB09_An_address_that_shows_no_credential_is_told_when_to_come_back()
    {
        await using var installation = await TestInstallation.Start(("limits:anonymous_a_minute", "30"));
        var owner = await installation.NewOrganization();
        var stranger = installation.Client();
        var answers = await Repeat(40, () => stranger.Get("/v1/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, answers[0].StatusCode);
        Assert.InRange(answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized), 28, 36);
        await IsRefused(answers.Last(a => a.StatusCode != HttpStatusCode.Unauthorized), "\"address\";q=30;w=60");

        // Nor may it sign in, report keys or set up; what asks nothing of the database stays.
        await Repeat(2, () => stranger.Get("/v1/me"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.Post("/v1/auth/sign-in", new { email = owner.Email, password = TestClient.Password })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.Get("/health/live")).StatusCode);
        // Whoever is known is not held to what others do at the same address.
        var known = await owner.Get("/members");
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal("\"user\";q=1000;w=60, \"organization\";q=60000;w=60", Header(known, "RateLimit-Policy"));
    }

    [Fact]
    public async Task Abuse12_Keys_and_sessions_that_are_no_good_are_tried_so_often_and_no_more()
    {
        await using var installation = await TestInstallation.Start(("limits:anonymous_a_minute", "20"));
        var owner = await installation.NewOrganization();
        var good = installation.KeyClient(await owner.NewKey("members:read"));
        var (bad, guess) = (installation.Client(), installation.Client());
        bad.ApiKey = good.ApiKey![..^1] + (good.ApiKey[^1] == 'a' ? 'b' : 'a');
        guess.Cookie = "__Host-fluxgate_session=guessed";
        var answers = await Repeat(15, () => bad.Get("/v1/members"));
        answers.AddRange(await Repeat(15, () => guess.Get($"/v1/orgs/{owner.Slug}/members")));
        Assert.InRange(answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized), 18, 26);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
        foreach (var answer in await Repeat(30, () => good.Get("/v1/members")))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task FB09_A_key_over_its_limit_is_told_when_to_come_back_and_it_is_counted_and_audited()
    {
        await using var installation = await TestInstallation.Start(("limits:anonymous_a_minute", "10000"), ("limits:key_a_minute", "10"));
        var owner = await installation.NewOrganization();
        var issued = await owner.NewKey("members:read");
        var (key, other) = (installation.KeyClient(issued), installation.KeyClient(await owner.NewKey("members:read")));
        var answers = await Repeat(15, () => key.Get("/v1/members"));
        Assert.Matches("^\"key\";r=9;t=6, \"organization\";r=5999[0-9];t=1$", Header(answers[0], "RateLimit"));
        Assert.InRange(answers.Count(a => a.IsSuccessStatusCode), 10, 12);
        await IsRefused(answers.Last(a => !a.IsSuccessStatusCode), "\"key\";q=10;w=60");
        Assert.Equal(HttpStatusCode.OK, (await other.Get("/v1/members")).StatusCode);
        // What is refused for want of a right costs the caller too, or it would be a way to ask without end.
        var forbidden = await Repeat(15, () => other.Get("/v1/workflows"));
        Assert.Contains(forbidden, a => a.StatusCode == HttpStatusCode.Forbidden);
        Assert.Contains(forbidden, a => a.StatusCode == HttpStatusCode.TooManyRequests);

        JsonElement[] audited = [];
        await Condition.Holds(async () => (audited = await installation.Audited(owner.Organization, "limit.exceeded")).Length > 0, "the refusal is recorded");
        Assert.Equal("denied", audited[^1].Text("result"));
        JsonElement[] violations = [];
        await Condition.Holds(async () => (violations = [.. (await owner.Get("/settings/limits").Success()).GetProperty("violations").EnumerateArray()]).Length == 2, "both keys are shown");
        var mine = violations.Single(v => v.GetProperty("subject_id").GetGuid() == issued.Id());
        Assert.Equal(("key", "test key"), (mine.Text("limit"), mine.Text("subject_name")));
        Assert.InRange(mine.GetProperty("refused").GetInt64(), 3, 5);
    }

    [Fact]
    public async Task FB09_A_person_over_the_limit_is_refused_wherever_they_go_and_nobody_else_is()
    {
        await using var installation = await TestInstallation.Start(("limits:user_a_minute", "20"));
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, "viewer");
        await Repeat(12, () => member.Get("/workflows"));
        var answers = await Repeat(14, () => member.Client.Get("/v1/me"));
        await IsRefused(answers.Last(a => !a.IsSuccessStatusCode), "\"user\";q=20;w=60");
        // An organization of others costs as much as one that is there.
        Assert.Contains(await Repeat(25, () => owner.Client.Get("/v1/orgs/no-such-one/members")), a => a.StatusCode == HttpStatusCode.TooManyRequests);
        await Condition.Holds(async () => (await installation.Audited(owner.Organization, "limit.exceeded")).Length >= 2, "both are recorded");
    }

    [Fact]
    public async Task Abuse18_An_organization_over_its_budget_takes_nothing_from_another()
    {
        await using var installation = await TestInstallation.Start(("limits:organization_a_minute", "60"));
        var (greedy, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var keys = new[] { installation.KeyClient(await greedy.NewKey("members:read")), installation.KeyClient(await greedy.NewKey("members:read")) };
        var answers = (await Task.WhenAll(keys.Select(k => Repeat(50, () => k.Get("/v1/members"))))).SelectMany(a => a).ToList();
        await IsRefused(answers.Last(a => !a.IsSuccessStatusCode), "\"organization\";q=60;w=60");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await greedy.Get("/members")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.Get("/members")).StatusCode);
    }

    [Fact]
    public async Task FB09_What_is_expensive_counts_as_many_requests()
    {
        await using var installation = await TestInstallation.Start(("limits:key_a_minute", "60"));
        var owner = await installation.NewOrganization();
        var key = installation.KeyClient(await owner.NewKey("audit:read"));
        await key.Post("/v1/audit/verify", null).Success();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await key.Post("/v1/audit/verify", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await key.Get("/v1/audit-events")).StatusCode);
    }

    [Fact]
    public async Task Abuse18_Whoever_calls_a_webhook_without_proof_cannot_use_up_the_organizations_budget()
    {
        await using var installation = await TestInstallation.Start(("limits:anonymous_a_minute", "40"), ("limits:organization_a_minute", "100"));
        var owner = await installation.NewOrganization();
        await owner.Publish("{ format: 1, name: Open, trigger: { type: webhook, settings: { path: open, auth: { type: none } } }, nodes: [{ id: a, type: merge }] }");
        var sender = installation.Client();
        var answers = await Repeat(60, () => sender.Post($"/hooks/{owner.Slug}/open", new { n = 1 }));
        Assert.Equal(HttpStatusCode.Accepted, answers[0].StatusCode);
        await IsRefused(answers.Last(a => !a.IsSuccessStatusCode), "\"address\";q=40;w=60");
        Assert.DoesNotContain("organization", Header(answers[0], "RateLimit"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await sender.Post($"/hooks/{owner.Slug}/nothing-there", new { n = 1 })).StatusCode);
        var members = await owner.Get("/members");
        Assert.Equal(HttpStatusCode.OK, members.StatusCode);
        // What was let through is the organization's: some 40 deliveries.
        Assert.Matches("\"organization\";r=[4-6][0-9];", Header(members, "RateLimit"));
    }

    [Fact]
    public async Task FB09_Two_nodes_hold_one_limit_together()
    {
        await using var installation = await TestInstallation.Start(("limits:key_a_minute", "600"));
        await using var second = await installation.AnotherNode();
        var owner = await installation.NewOrganization();
        var key = (await owner.NewKey("members:read")).Text("key");
        var began = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Repeat(150, () =>
            new TestClient(n % 2 == 0 ? installation.Address : second.Address) { ApiKey = key }.Get("/v1/members"))));
        var most = 600 + (10 * began.Elapsed.TotalSeconds);
        Assert.All(answers.SelectMany(a => a), a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        Assert.InRange(answers.SelectMany(a => a).Count(a => a.IsSuccessStatusCode), 600 * 0.95, most * 1.05);
        Assert.All(answers, node => Assert.Contains(node, a => a.IsSuccessStatusCode));
    }

    [Fact]
    public async Task FB09_PostgreSQL_takes_as_the_algorithm_says()
    {
        var installation = await Installation.Get();
        var rows = installation.Services.GetRequiredService<LimitRows>();
        var subject = new LimitSubject(LimitName.Key, Uuid.New(TimeProvider.System));
        var (gcra, minute, arrival, unused) = (new Gcra(700, TimeSpan.FromMinutes(1)), TimeSpan.FromMinutes(1), 0L, 0L);
        for (var n = 1; n <= 200; n++)
        {
            var (least, asked) = (1 + (n % 40), 1 + (n % 40) + (n % 7));
            var row = await rows.Take(subject, null, gcra.Quota, minute, least, asked, unused);
            if (n > 1)
                Assert.Equal(Math.Max(arrival - (((unused * 60_000_000) + 699) / 700), row.TakenAt), row.Before);
            var taken = gcra.Take(row.Before, row.TakenAt, least, LimitRows.Slice(gcra.Quota, asked));
            arrival = await installation.Scalar<long>("select arrival from rate_limits where subject_id = $1", subject.Id);
            Assert.Equal(taken.Arrival, arrival);
            unused = taken.Granted / 3;
        }
        await installation.Execute("update rate_limits set arrival = 0 where subject_id = $1", subject.Id);
        await rows.DeleteIdle(CancellationToken.None);
        Assert.Equal(0, await installation.Scalar<long>("select count(*) from rate_limits where subject_id = $1", subject.Id));
    }

    [Fact]
    public async Task FN10_A_key_has_a_minute_and_an_hour_at_the_governance_API_and_both_are_shown()
    {
        await using var installation = await TestInstallation.Start(("limits:governance_a_minute", "40"), ("limits:governance_an_hour", "50"));
        var owner = await installation.NewOrganization();
        var limiter = installation.Services.GetRequiredService<RateLimiter>();
        var key = Uuid.New(TimeProvider.System);
        var caller = new OrganizationCaller(new OrganizationId(owner.Organization), null, new Actor(ActorKind.ApiKey, key, "k"), [], new HashSet<Permission>()) { ApiKey = key };
        async Task<(Error? Refused, string Policy)> Call(int cost)
        {
            var context = new DefaultHttpContext();
            var refused = await limiter.Charge(context, caller, cost, LimitClass.Governance, isAdmitted: true);
            return (refused, context.Response.Headers["RateLimit-Policy"].ToString());
        }
        var first = await Call(10);
        Assert.Null(first.Refused);
        Assert.Equal("\"governance\";q=40;w=60,\"governance-hour\";q=50;w=3600,\"organization\";q=60000;w=60", first.Policy);
        Assert.Null((await Call(30)).Refused);
        var minute = await Call(10);
        Assert.Equal("limit.exceeded", minute.Refused!.Code);
        Assert.InRange(minute.Refused.RetryAfter!.Value.TotalSeconds, 1, 60);
        // The minute is whole again, the hour is not.
        await installation.Execute("update rate_limits set arrival = 0 where subject_id = $1 and limit_name = 'governance'", key);
        Error? hour = null;
        await Condition.Holds(async () => (hour = (await Call(30)).Refused) is { RetryAfter.TotalSeconds: > 60 }, "the hour's limit refuses");
    }

    [Fact]
    public async Task FB09_An_organization_lowers_its_limits_and_cannot_raise_them()
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        var key = installation.KeyClient(await owner.NewKey("members:read", "organization:read"));
        Assert.Equal(HttpStatusCode.OK, (await key.Get("/v1/members")).StatusCode);
        await owner.Put("/settings/limits", new { key_a_minute = 5, organization_a_minute = (int?)null }).Refuses(428, "precondition.missing");
        await key.Put("/v1/settings/limits", new { key_a_minute = 5, organization_a_minute = (int?)null }, ("If-Match", "\"0\"")).Refuses(403, "permission.missing");
        var wider = await (await owner.Put("/settings/limits", new { key_a_minute = 10_001, organization_a_minute = 60_001 }, ("If-Match", "\"0\""))).Json();
        Assert.Equal(["wider", "wider"], wider.GetProperty("errors").EnumerateArray().Select(e => e.Text("code")));
        Assert.Equal(400, (int)(await owner.Put("/settings/limits", new { key_a_minute = (int?)null, organization_a_minute = 59 }, ("If-Match", "\"0\""))).StatusCode);

        var saved = await owner.Put("/settings/limits", new { key_a_minute = 5, organization_a_minute = 6000 }, ("If-Match", "\"0\"")).Success();
        var inForce = saved.GetProperty("limits").EnumerateArray().ToDictionary(l => l.Text("limit"), l => (l.GetProperty("quota").GetInt32(), l.GetProperty("installation_quota").GetInt32()));
        Assert.Equal(((5, 10_000), (6000, 60_000), (1000, 1000)), (inForce["key"], inForce["organization"], inForce["user"]));
        await owner.Put("/settings/limits", new { key_a_minute = 6, organization_a_minute = (int?)null }, ("If-Match", "\"0\"")).Refuses(412, "resource.stale");
        await Condition.Holds(async () => Header(await key.Get("/v1/members"), "RateLimit-Policy").StartsWith("\"key\";q=5;w=60", StringComparison.Ordinal), "the lowered limit holds");
        Assert.Contains(await Repeat(7, () => key.Get("/v1/members")), a => a.StatusCode == HttpStatusCode.TooManyRequests);
        var audited = Assert.Single(await installation.Audited(owner.Organization, "limits.updated"));
        Assert.Equal(5, audited.GetProperty("after").GetProperty("key_a_minute").GetInt32());
    }

    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("0.0.0.1", "::1", false)]
    public void FB09_An_address_of_IPv6_counts_by_its_64_and_a_mapped_one_as_the_IPv4_that_it_is(string one, string other, bool isSame) =>
        Assert.Equal(isSame, LimitSubject.Of(IPAddress.Parse(one)) == LimitSubject.Of(IPAddress.Parse(other)));
}
