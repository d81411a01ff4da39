using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Fluxgate.Testing;

/// <summary>Talks to the product as a stranger's program would: plain HTTP and JSON, own cookies, no types of the product.</summary>
public class TestClient(Uri address)
{
    public const string Password = "correct horse battery staple";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>The session cookie and CSRF token of the last sign-in; null when signed out.</summary>
    public string? Cookie { get; set; }

    public string? CsrfToken { get; set; }

    /// <summary>Sent as bearer if set.</summary>
    public string? ApiKey { get; set; }

    public Uri Address => address;

    public Task<HttpResponseMessage> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<HttpResponseMessage> Post(string path, object? body, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, body, headers);

    public Task<HttpResponseMessage> Put(string path, object? body, params (string Name, string Value)[] headers) => Send(HttpMethod.Put, path, body, headers);

    public Task<HttpResponseMessage> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <summary>As <see cref="Get"/>, but the answer is there when its headers are: its body may go on for long.</summary>
    public Task<HttpResponseMessage> Open(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, headers, HttpCompletionOption.ResponseHeadersRead);

    public Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers) =>
        Send(method, path, body, headers, HttpCompletionOption.ResponseContentRead);

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, (string Name, string Value)[] headers, HttpCompletionOption completion)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        if (Cookie is not null)
            request.Headers.Add("Cookie", Cookie);
        if (CsrfToken is not null)
            request.Headers.Add("X-CSRF-Token", CsrfToken);
        if (ApiKey is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var answer = await Answer(request, completion);
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            Cookie = cookies.Select(c => c.Split(';')[0]).FirstOrDefault(c => c.StartsWith("__Host-", StringComparison.Ordinal)) ?? Cookie;
        return answer;
    }

    private async Task<HttpResponseMessage> Answer(HttpRequestMessage request, HttpCompletionOption completion)
    {
        try
        {
            return await http.SendAsync(request, completion);
        }
        catch (SocketException e)
        {
            // The framework asks a connection for its peer as soon as it stands, and lets the error through when the server died in between.
            throw new HttpRequestException("The server went away while it was connected to.", e);
        }
    }
}

/// <summary>A signed-in member; paths are of the organization.</summary>
public sealed class TestMember
{
    private TestMember(TestClient client, Guid userId, string email, Guid organization, string slug)
    {
        (Client, UserId, Email, Organization, Slug) = (client, userId, email, organization, slug);
    }

    public TestClient Client { get; }

    public Guid UserId { get; }

    public string Email { get; }

    public Guid Organization { get; }

    public string Slug { get; }

    public static async Task<TestMember> SignedIn(TestClient client, HttpResponseMessage sessionAnswer)
    {
        client.CsrfToken = (await sessionAnswer.Json()).GetProperty("csrf_token").GetString();
        var me = await (await client.Get("/v1/me")).Json();
        var organization = me.GetProperty("organizations")[0];
        return new TestMember(
            client, me.GetProperty("user_id").GetGuid(), me.GetProperty("email").GetString()!,
            organization.GetProperty("id").GetGuid(), organization.GetProperty("slug").GetString()!);
    }

    public Task<HttpResponseMessage> Get(string path) => Client.Get($"/v1/orgs/{Slug}{path}");

    public Task<HttpResponseMessage> Post(string path, object? body, params (string Name, string Value)[] headers) => Client.Post($"/v1/orgs/{Slug}{path}", body, headers);

    public Task<HttpResponseMessage> Put(string path, object? body, params (string Name, string Value)[] headers) => Client.Put($"/v1/orgs/{Slug}{path}", body, headers);

    public Task<HttpResponseMessage> Delete(string path) => Client.Delete($"/v1/orgs/{Slug}{path}");
}

public static class Answers
{
    /// <summary>The body as JSON; it outlives the answer.</summary>
    public static async Task<JsonElement> Json(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{(int)answer.StatusCode} with a body that is not JSON: {text}");
        }
    }

    /// <summary>The body as JSON, after a status of 2xx; otherwise an exception that shows the answer.</summary>
    public static async Task<JsonElement> Success(this HttpResponseMessage answer) => answer.IsSuccessStatusCode
        ? answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Json()
        : throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");

    public static async Task<JsonElement> Success(this Task<HttpResponseMessage> answer) => await (await answer).Success();

    /// <summary>The stable code of a problem document.</summary>
    public static async Task<string> Code(this HttpResponseMessage answer) => (await answer.Json()).GetProperty("code").GetString()!;
}
