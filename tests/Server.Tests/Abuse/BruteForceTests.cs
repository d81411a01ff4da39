using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Abuse;

public sealed class BruteForceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Abuse12_Passwords_of_an_address_are_tried_so_often_and_no_more(bool isKnown)
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        var email = isKnown ? owner.Email : "nobody@example.test";
        var client = installation.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => client.Post("/v1/auth/sign-in", new { email = i % 2 == 0 ? email : email.ToUpperInvariant(), password = $"wrong password {i}" })));
        Assert.Equal(20, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Unauthorized), a =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, a.StatusCode);
            Assert.InRange(a.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);
        });
        // The right password is no way to learn that it is right.
        await client.Post("/v1/auth/sign-in", new { email, password = TestClient.Password }).Refuses(429, "sign_in.too_many");
        // Another address is not locked out by it.
        await client.Post("/v1/auth/sign-up", new { email = People.NewEmail(), password = TestClient.Password, display_name = "Other", organization_name = "Other one" }).Success();
    }

    [Fact]
    public async Task Abuse12_Signing_in_rightly_does_not_use_up_the_tries()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        for (var i = 0; i < 25; i++)
            await installation.Client().Post("/v1/auth/sign-in", new { email = owner.Email, password = TestClient.Password }).Success();
    }

    [Fact]
    public async Task Abuse18_Strangers_who_have_passwords_hashed_are_turned_away_when_the_line_is_long()
    {
        await using var installation = await TestInstallation.Start();
        var client = installation.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.Post("/v1/auth/sign-in", new { email = $"nobody{i}@example.test", password = "wrong password" })));
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Unauthorized));
        await client.Post("/v1/auth/sign-in", new { email = "late@example.test", password = "wrong password" }).Refuses(401, "sign_in.refused");
    }

    [Fact]
    public async Task Abuse18_A_stranger_without_the_set_up_token_has_no_password_hashed()
    {
        await using var installation = await TestInstallation.Start();
        // The password has a fault, which is told only to who holds the token: what comes before the password needs no hash.
        var request = new { token = "wrong", email = "a@example.test", password = "short", display_name = "A", organization_name = "A one" };
        await installation.Client().Post("/v1/setup", request).Refuses(403, "setup.refused");
        await installation.Client().Post("/v1/setup", request with { token = installation.SetupToken! }).Refuses(400, "request.invalid");
    }
}
