using System.Net.Sockets;
using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class RouteTests
{
    /// <summary>The bytes as they are: a client of .NET would tidy the path up first.</summary>
    private static async Task<string> Raw(TestInstallation installation, string method, string target, TestMember? member = null, string headers = "")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(installation.Address.Host, installation.Address.Port);
        var cookie = member is null ? "" : $"Cookie: {member.Client.Cookie}\r\nX-CSRF-Token: {member.Client.CsrfToken}\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {installation.Address.Authority}\r\nConnection: close\r\n{cookie}{headers}\r\n"));
        using var reader = new StreamReader(socket.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    [Fact]
    public async Task A_body_of_another_type_is_415_and_a_wrong_parameter_is_named_in_our_words()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/groups", new StringContent("name=x", Encoding.UTF8, "text/plain")).Refuses(415, "body.media_type");
        var answer = await owner.Get("/runs/notanid");
        Assert.Equal((400, "'id' is not what this address takes there."), ((int)answer.StatusCode, (await answer.Json()).Text("detail")));
        answer = await owner.Post("/groups", null);
        Assert.Equal((400, "This address takes a body of type application/json."), ((int)answer.StatusCode, (await answer.Json()).Text("detail")));
    }

    [Fact]
    public async Task Abuse01_What_is_not_there_is_404_before_its_new_text_is_looked_at()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Put($"/workflows/{Guid.CreateVersion7()}/draft", new { document = "no workflow", format = "yaml" }, ("If-Match", "\"1\"")).Refuses(404, "workflow.not_found");
    }

    [Theory]
    [InlineData("/members")]
    [InlineData("/members/")]
    [InlineData("//members")]
    [InlineData("/./members")]
    [InlineData("/x/../members")]
    [InlineData("/%6dembers")]
    [InlineData("/MEMBERS")]
    [InlineData("/members.json")]
    [InlineData("/members;a=b")]
    [InlineData("/members%00")]
    [InlineData("/members%2f")]
    [InlineData("%2fmembers")]
    [InlineData("/members?_method=GET&user=owner")]
    public async Task Abuse10_No_spelling_of_a_path_gets_past_the_gate(string path)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, "none");
        foreach (var prefix in (string[])[$"/v1/orgs/{owner.Slug}", $"/V1/ORGS/{owner.Slug}", $"//v1/orgs/{owner.Slug}", "/v1"])
            foreach (var method in (string[])["GET", "HEAD", "OPTIONS", "POST", "TRACE", "get"])
                foreach (var who in (TestMember?[])[member, null])
                {
                    var answer = await Raw(installation, method, prefix + path, who, "X-HTTP-Method-Override: GET\r\nX-Original-URL: /health\r\nX-Rewrite-URL: /health\r\nContent-Length: 0\r\n");
                    Assert.DoesNotContain(owner.Email, answer, StringComparison.Ordinal);
                    Assert.False(answer.StartsWith("HTTP/1.1 2", StringComparison.Ordinal) && answer.Contains("application/json", StringComparison.Ordinal), $"{method} {prefix}{path}: {answer}");
                }
    }

    [Fact]
    public async Task Abuse10_One_organization_in_a_route_does_not_lead_to_another()
    {
        var installation = await Installation.Get();
        var (mine, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        foreach (var target in (string[])
        [
            $"/v1/orgs/{mine.Slug}/../{other.Slug}/members", $"/v1/orgs/{mine.Slug}/orgs/{other.Slug}/members", $"/v1/orgs/{mine.Slug}%2f..%2f{other.Slug}/members",
            $"/v1/orgs/{mine.Slug}/%2e%2e/{other.Slug}/members", $"/v1/orgs/{other.Slug},{mine.Slug}/members", $"/v1/orgs/{mine.Slug}/members?org={other.Slug}&organization_id={other.Organization}",
            $"http://{installation.Address.Authority}/v1/orgs/{other.Slug}/members",
        ])
            Assert.DoesNotContain(other.Email, await Raw(installation, "GET", target, mine), StringComparison.Ordinal);
        Assert.Contains(mine.Email, await Raw(installation, "GET", $"/v1/orgs/{mine.Slug}/members", mine), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FN05_An_attempt_on_another_organization_is_audited_for_the_callers_own_once_a_minute()
    {
        var installation = await Installation.Get();
        var (person, owner, other) = (await installation.NewOrganization(), await installation.NewOrganization(), await installation.NewOrganization());
        var key = await owner.NewKey("members:read");
        for (var i = 0; i < 2; i++)
        {
            await person.Client.Get($"/v1/orgs/{other.Slug}/members").Refuses(404, "organization.not_found");
            await installation.KeyClient(key).Get($"/v1/orgs/{other.Slug}/members").Refuses(403, "key.wrong_organization");
        }
        var byPerson = await installation.EventuallyAudited(person.Organization, "access.cross_tenant");
        Assert.Equal((person.UserId, other.Slug), (byPerson.GetProperty("actor").Id(), byPerson.GetProperty("resource").Text("name")));
        var byKey = await installation.EventuallyAudited(owner.Organization, "access.cross_tenant");
        Assert.Equal((key.Text("prefix"), "denied"), (byKey.GetProperty("actor").Text("label"), byKey.Text("result")));
        Assert.Empty(await installation.Audited(other.Organization, "access.cross_tenant"));

        // One that does not exist is recorded alike: the log tells no more than the answer.
        var lone = await installation.NewOrganization();
        await lone.Client.Get("/v1/orgs/no-such-organization/members").Refuses(404, "organization.not_found");
        await installation.EventuallyAudited(lone.Organization, "access.cross_tenant");
    }

    [Theory]
    [InlineData("GET", "/v1/me")]
    [InlineData("GET", "/v1/me/sessions")]
    [InlineData("GET", "/v1/orgs")]
    [InlineData("POST", "/v1/orgs")]
    [InlineData("GET", "/v1/members")]
    [InlineData("GET", "/v1/roles")]
    [InlineData("GET", "/v1/organization")]
    [InlineData("GET", "/v1/api-keys")]
    [InlineData("POST", "/v1/api-keys")]
    [InlineData("GET", "/v1/credentials")]
    [InlineData("POST", "/v1/connectors")]
    [InlineData("POST", "/v1/invitations")]
    public async Task FK01_Without_a_credential_the_answer_is_401(string method, string path)
    {
        var client = (await Installation.Get()).Client();
        await client.Send(new HttpMethod(method), path, null).Refuses(401, "session.missing");
    }
}
