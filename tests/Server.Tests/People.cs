using System.Security.Cryptography;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>Steps that many tests begin with.</summary>
public static class People
{
    public static string NewEmail(string name = "person") => $"{name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}@example.test";

    /// <summary>Another member of the organization, signed in.</summary>
    public static async Task<TestMember> NewMember(this TestMember inviter, TestInstallation installation, params string[] roles)
    {
        var email = NewEmail();
        var token = (await inviter.Invite(email, roles)).GetProperty("token").GetString();
        var client = installation.Client();
        await client.Post("/v1/invitations/accept", new { token, display_name = "Member", password = TestClient.Password }).Success();
        var session = await client.Post("/v1/auth/sign-in", new { email, password = TestClient.Password });
        return await TestMember.SignedIn(client, session);
    }

    public static Task<JsonElement> Invite(this TestMember inviter, string email, params string[] roles) =>
        inviter.Post("/invitations", new { email, roles }).Success();

    /// <summary>A new API key's answer, with the key in it.</summary>
    public static Task<JsonElement> NewKey(this TestMember member, params string[] scopes) =>
        member.Post("/api-keys", new { name = "test key", scopes }).Success();

    /// <summary>A client that presents the key as bearer.</summary>
    public static TestClient KeyClient(this TestInstallation installation, JsonElement key)
    {
        var client = installation.Client();
        client.ApiKey = key.GetProperty("key").GetString();
        return client;
    }

    /// <summary>The organization's audit events of one type, newest first, as the database has them.</summary>
    public static async Task<JsonElement[]> Audited(this TestInstallation installation, Guid organization, string type)
    {
        var text = await installation.TextOf(
            "select coalesce(json_agg(convert_from(content, 'UTF8')::json order by id desc), '[]')::text from audit_events where organization_id = $1 and type = $2", organization, type);
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>The one event of that type, which is recorded behind the answer that it is about.</summary>
    public static async Task<JsonElement> EventuallyAudited(this TestInstallation installation, Guid organization, string type)
    {
        JsonElement[] found = [];
        await Condition.Holds(async () => (found = await installation.Audited(organization, type)).Length > 0, $"{type} is recorded");
        return Assert.Single(found);
    }

    public static Guid Id(this JsonElement resource) => resource.GetProperty("id").GetGuid();

    public static string Text(this JsonElement resource, string member) => resource.GetProperty(member).GetString()!;

    public static async Task Refuses(this Task<HttpResponseMessage> request, int status, string code)
    {
        var answer = await request;
        Assert.Equal((status, code), ((int)answer.StatusCode, answer.IsSuccessStatusCode ? "" : await answer.Code()));
    }
}
