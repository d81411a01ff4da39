using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Abuse;

/// <summary>Texts that PostgreSQL or UTF-8 do not take, wherever a stranger can write one.</summary>
public sealed class HostileTextTests
{
    [Fact]
    public async Task Abuse18_A_route_cut_within_a_surrogate_pair_does_not_stop_the_server()
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        var program = installation.KeyClient(await owner.NewKey("organization:read"));
        // 63 UTF-16 units are kept of a route's name; the emoji stands on the border.
        var name = new string('a', 62) + Uri.EscapeDataString("\U0001F600") + "b";
        await program.Get($"/v1/orgs/{name}/members").Refuses(403, "key.wrong_organization");
        await owner.Client.Get($"/v1/orgs/{name}/members").Refuses(404, "organization.not_found");
        await Condition.Holds(async () => (await installation.Audited(owner.Organization, "access.cross_tenant")).Length == 2, "both attempts are recorded");
        Assert.Equal(HttpStatusCode.OK, (await owner.Get("/members")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v1/orgs/%00/members", 400)]
    [InlineData("GET", "/v1/orgs/a%00b/members", 400)]
    [InlineData("GET", "/v1/orgs/%ED%A0%80/members", 404)]
    [InlineData("POST", "/hooks/%00/x", 400)]
    [InlineData("POST", "/hooks/{org}/%00", 400)]
    [InlineData("GET", "/v1/orgs/{org}/runs?status=%00", 400)]
    [InlineData("GET", "/v1/orgs/{org}/reviews?state=%00", 400)]
    [InlineData("GET", "/v1/orgs/{org}/audit-events?type=%00", 400)]
    public async Task Abuse15_NUL_in_an_address_is_the_callers_fault_and_not_the_servers(string method, string path, int status)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var answer = await owner.Client.Send(new HttpMethod(method), path.Replace("{org}", owner.Slug, StringComparison.Ordinal), method == "GET" ? null : new { });
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Abuse15_NUL_in_an_address_of_a_person_is_refused_like_any_wrong_one()
    {
        var client = (await Installation.Get()).Client();
        await client.Post("/v1/auth/sign-in", new { email = "a\0b@example.test", password = TestClient.Password }).Refuses(401, "sign_in.refused");
        await client.Post("/v1/auth/sign-up", new { email = "a\0b@example.test", password = TestClient.Password, display_name = "x", organization_name = "x y" }).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task Abuse15_A_browser_name_cut_within_a_surrogate_pair_signs_in_all_the_same()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var agent = new string('a', 299) + "\U0001F600";
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var http = new HttpClient(handler) { BaseAddress = installation.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/sign-in") { Content = System.Net.Http.Json.JsonContent.Create(new { email = owner.Email, password = TestClient.Password }) };
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
    }
}
