using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class IdempotencyTests
{
    private static object Group(string name) => new { name };

    [Fact]
    public async Task A_repeated_creation_gets_the_first_answer_and_creates_nothing()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var first = await owner.Post("/groups", Group("finance"), ("Idempotency-Key", "one"));
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var again = await owner.Post("/groups", Group("finance"), ("Idempotency-Key", "one"));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(1, (await owner.Get("/groups").Success()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/groups", Group("finance"), ("Idempotency-Key", "one")).Success();
        var other = await owner.Post("/groups", Group("legal"), ("Idempotency-Key", "one"));
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal("idempotency.key_reused", await other.Code());
    }

    [Fact]
    public async Task A_refused_request_can_be_mended_under_its_key()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.Post("/groups", Group(""), ("Idempotency-Key", "one"))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await owner.Post("/groups", Group("finance"), ("Idempotency-Key", "one"))).StatusCode);
    }

    [Fact]
    public async Task Of_many_at_once_one_creates()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => owner.Post("/webhook-endpoints", new { name = "W", url = "https://example.test/in", event_types = new[] { "*" } }, ("Idempotency-Key", "one"))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        Assert.Equal(1, (await owner.Get("/webhook-endpoints").Success()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_secret_is_not_shown_again_by_a_repeat()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var request = new { name = "W", url = "https://example.test/in", event_types = new[] { "*" } };
        await owner.Post("/webhook-endpoints", request, ("Idempotency-Key", "one")).Success();
        var again = await owner.Post("/webhook-endpoints", request, ("Idempotency-Key", "one"));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("idempotency.secret_not_replayable", await again.Code());
    }

    [Fact]
    public async Task Two_organizations_keys_do_not_meet()
    {
        var installation = await Installation.Get();
        foreach (var owner in (TestMember[])[await installation.NewOrganization(), await installation.NewOrganization()])
        {
            var answer = await owner.Post("/groups", Group("finance"), ("Idempotency-Key", "one"));
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
        }
    }
}
