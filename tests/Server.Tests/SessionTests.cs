using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task F801_A_session_ends_after_an_hour_without_a_request()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        async Task LastSeen(string ago) => await installation.Change("update sessions set last_seen_at = clock_timestamp() - $2::interval where user_id = $1", owner.UserId, ago);

        await LastSeen("59 minutes");
        await owner.Client.Get("/v1/me").Success();
        Assert.True(TimeProvider.System.GetUtcNow() - DateTimeOffset.Parse(await LastSeenAt(installation, owner), null) < TimeSpan.FromMinutes(1), "a request is activity");
        await LastSeen("61 minutes");
        await owner.Client.Get("/v1/me").Refuses(401, "session.missing");
        await owner.Get("/members").Refuses(401, "session.missing");
    }

    [Fact]
    public async Task F801_Activity_is_written_at_most_once_a_minute()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var before = await LastSeenAt(installation, owner);
        await owner.Client.Get("/v1/me").Success();
        Assert.Equal(before, await LastSeenAt(installation, owner));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task F828_A_changing_request_by_cookie_from_another_site_is_refused(string header, string value)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Client.Send(HttpMethod.Put, $"/v1/orgs/{owner.Slug}/organization", new { name = "x" }, (header, value)).Refuses(403, "session.origin");
        await owner.Client.Send(HttpMethod.Get, "/v1/me", null, (header, value)).Success();
    }

    [Fact]
    public async Task F828_Our_own_pages_may_change_things()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        foreach (var (header, value) in ((string, string)[])[("Origin", installation.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin")])
            await owner.Client.Send(HttpMethod.Put, $"/v1/orgs/{owner.Slug}/organization", new { name = "x" }, (header, value)).Success();
    }

    [Fact]
    public async Task FX01_A_person_sees_and_ends_the_own_sessions_and_no_others()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var second = installation.Client();
        await second.Post("/v1/auth/sign-in", new { email = owner.Email, password = TestClient.Password }).Success();

        var sessions = (await owner.Client.Get("/v1/me/sessions").Success()).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([false, true], sessions.Select(s => s.GetProperty("current").GetBoolean()));
        await other.Client.Delete($"/v1/me/sessions/{sessions[0].Id()}").Refuses(404, "session.not_found");
        await owner.Client.Delete($"/v1/me/sessions/{sessions[0].Id()}").Success();
        await second.Get("/v1/me").Refuses(401, "session.missing");
        await owner.Client.Get("/v1/me").Success();
    }

    [Fact]
    public async Task FX01_Sign_ins_and_failed_ones_are_audited_in_every_organization_of_the_person()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var second = (await owner.Client.Post("/v1/orgs", new { name = $"Second {Guid.CreateVersion7():N}" }).Success()).Id();
        await installation.Client().Post("/v1/auth/sign-in", new { email = owner.Email, password = "not the password" }).Refuses(401, "sign_in.refused");
        await installation.Client().Post("/v1/auth/sign-in", new { email = owner.Email, password = TestClient.Password }).Success();

        foreach (var organization in (Guid[])[owner.Organization, second])
        {
            Assert.Equal("success", Assert.Single(await installation.Audited(organization, "sign_in.succeeded")).Text("result"));
            Assert.Equal("denied", (await installation.EventuallyAudited(organization, "sign_in.failed")).Text("result"));
        }
    }

    private static Task<string> LastSeenAt(TestInstallation installation, TestMember member) =>
        installation.TextOf("select last_seen_at::text from sessions where user_id = $1", member.UserId);

    [Fact]
    public async Task Signing_out_and_ending_another_session_are_events_of_the_persons_organizations()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var other = installation.Client();
        await TestMember.SignedIn(other, await other.Post("/v1/auth/sign-in", new { email = owner.Email, password = TestClient.Password }));
        var sessions = await owner.Client.Get("/v1/me/sessions").Success();
        var second = sessions.GetProperty("items").EnumerateArray().Single(s => !s.GetProperty("current").GetBoolean()).Id();
        await owner.Client.Delete($"/v1/me/sessions/{second}").Success();
        await owner.Client.Post("/v1/auth/sign-out", null).Success();
        Assert.Equal(2, (await installation.Audited(owner.Organization, "session.ended")).Length);
    }
}
