using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class SignInTests
{
    [Fact]
    public async Task FX01_A_person_signs_up_signs_in_and_signs_out()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();

        var client = installation.Client();
        var signIn = await client.Post("/v1/auth/sign-in", new { email = owner.Email.ToUpperInvariant(), password = TestClient.Password });
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        Assert.Contains("__Host-fluxgate_session", client.Cookie);
        var member = await TestMember.SignedIn(client, signIn);
        Assert.Equal(owner.UserId, member.UserId);

        Assert.Equal(HttpStatusCode.NoContent, (await client.Post("/v1/auth/sign-out", null)).StatusCode);
        client.Cookie = signIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get("/v1/me")).StatusCode);
    }

    [Theory]
    [InlineData("nobody@example.test", TestClient.Password)]
    [InlineData(null, "wrong password here")]
    public async Task FX01_A_wrong_password_and_an_unknown_address_answer_alike(string? email, string password)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var answer = await installation.Client().Post("/v1/auth/sign-in", new { email = email ?? owner.Email, password });
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("sign_in.refused", await answer.Code());
    }

    [Fact]
    public async Task F801_A_changing_request_by_cookie_without_the_csrf_token_is_refused()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        owner.Client.CsrfToken = null;
        var answer = await owner.Client.Post("/v1/auth/sign-out", null);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("session.csrf", await answer.Code());
    }

    [Fact]
    public async Task FX02_FN05_Another_organization_and_one_that_does_not_exist_answer_alike()
    {
        var installation = await Installation.Get();
        var mine = await installation.NewOrganization();
        var other = await installation.NewOrganization();

        foreach (var organization in (string[])[other.Slug, other.Organization.ToString(), "no-such-organization"])
        {
            var answer = await mine.Client.Get($"/v1/orgs/{organization}/members");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("organization.not_found", await answer.Code());
        }
        var own = await mine.Get("/members").Success();
        Assert.Equal(mine.Email, own.GetProperty("items").EnumerateArray().Single().GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_malformed_body_names_the_place_of_its_fault()
    {
        var client = (await Installation.Get()).Client();
        var answer = await client.Post("/v1/auth/sign-in", new { email = "a@example.test", password = 7 });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await answer.Json()).GetProperty("errors").EnumerateArray().Single();
        Assert.Equal("/password", error.GetProperty("pointer").GetString());
    }
}
