using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Client;

/// <summary>An answer of the server that is an error: its problem document (RFC 9457). <see cref="Code"/> is stable.</summary>
public sealed class FluxgateException(int status, string code, string message, JsonObject? problem) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>The whole problem document; <c>errors</c> locates faults.</summary>
    public JsonObject? Problem => problem;
}

/// <summary>One event of a stream.</summary>
public sealed record FluxgateEvent(string Name, JsonNode Data);

/// <summary>
/// Talks to a Fluxgate server. With an API key the organization is the key's and paths begin at <c>/v1</c>; a signed-in
/// person names the organization, and the cookie and CSRF token are kept here.
/// </summary>
public sealed class FluxgateClient : IDisposable
{
    private const string SessionCookie = "__Host-fluxgate_session";
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);
    private readonly HttpClient http;
    private readonly string? apiKey;
    private readonly RequestSigner? signer;
    private string? cookie;
    private string? csrfToken;

    /// <summary>A client for <paramref name="address"/>, such as <c>https://fluxgate.example</c>; with a signer it signs every request.</summary>
    public FluxgateClient(Uri address, string? apiKey = null, RequestSigner? signer = null)
    {
        // The cookie is handled by hand: the framework's container would not send a Secure cookie to a local http server.
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
        (this.apiKey, this.signer) = (apiKey, signer);
    }

    /// <summary>The organization (slug or id) of a signed-in person; ignored with an API key.</summary>
    public string? Organization { get; set; }

    /// <summary>Signs a person in; later calls are that person's.</summary>
    public async Task SignIn(string email, string password, CancellationToken cancel = default)
    {
        var session = await Send(HttpMethod.Post, "/v1/auth/sign-in", new JsonObject { ["email"] = email, ["password"] = password }, cancel);
        csrfToken = session!["csrf_token"]!.GetValue<string>();
    }

    public Task<JsonNode?> Get(string path, CancellationToken cancel = default) => Send(HttpMethod.Get, InOrganization(path), null, cancel);

    public Task<JsonNode?> Post(string path, JsonNode? body, CancellationToken cancel = default, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, InOrganization(path), body, cancel, headers);

    public Task<JsonNode?> Put(string path, JsonNode? body, CancellationToken cancel = default, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, InOrganization(path), body, cancel, headers);

    public Task<JsonNode?> Delete(string path, CancellationToken cancel = default, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Delete, InOrganization(path), null, cancel, headers);

    /// <summary>A request to a path of the server, whatever the organization. Throws <see cref="FluxgateException"/> on an error status.</summary>
    public async Task<JsonNode?> Send(HttpMethod method, string path, JsonNode? body, CancellationToken cancel = default, params (string Name, string Value)[] headers)
    {
        using var request = await Request(method, path, body, headers, cancel);
        using var answer = await http.SendAsync(request, cancel);
        KeepCookie(answer);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
            throw Error(answer.StatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>All pages of a list.</summary>
    public async IAsyncEnumerable<JsonObject> List(string path, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        string? cursor = null;
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = (await Get(cursor is null ? $"{path}{separator}limit=200" : $"{path}{separator}limit=200&cursor={cursor}", cancel))!;
            foreach (var item in page["items"]!.AsArray())
                yield return item!.AsObject();
            cursor = page["next_cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
    }

    /// <summary>
    /// The events of a stream as they come, up to and with the one named <c>end</c>. A stream that breaks off or that the
    /// server closes is taken up again after the last event; what refuses that is thrown.
    /// </summary>
    public async IAsyncEnumerable<FluxgateEvent> Events(string path, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var last = "";
        while (true)
        {
            using var request = await Request(HttpMethod.Get, InOrganization(path), null, last.Length == 0 ? [] : [("Last-Event-ID", last)], cancel);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!answer.IsSuccessStatusCode)
                throw Error(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
            var parser = SseParser.Create(await answer.Content.ReadAsStreamAsync(cancel), (name, data) => new FluxgateEvent(name, JsonNode.Parse(data)!));
            await using var events = parser.EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
            while (await HasNext(events))
            {
                if (parser.LastEventId.Length > 0)
                    last = parser.LastEventId;
                var next = events.Current.Data;
                if (next.Name != "closed")
                    yield return next;
                if (next.Name == "end")
                    yield break;
            }
            await Task.Delay(ComeBackAfter, cancel);
        }
    }

    /// <summary>False when the stream is over or has broken off.</summary>
    private static async Task<bool> HasNext(IAsyncEnumerator<SseItem<FluxgateEvent>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<HttpRequestMessage> Request(HttpMethod method, string path, JsonNode? body, (string Name, string Value)[] headers, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (apiKey is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        else if (cookie is not null)
            request.Headers.Add("Cookie", $"{SessionCookie}={cookie}");
        if (apiKey is null && csrfToken is not null)
            request.Headers.Add("X-CSRF-Token", csrfToken);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (signer is not null)
            await signer.Sign(request, new Uri(http.BaseAddress!, path), cancel);
        return request;
    }

    private string InOrganization(string path) =>
        apiKey is not null ? $"/v1{path}" : $"/v1/orgs/{Organization ?? throw new InvalidOperationException("Name the organization first.")}{path}";

    private void KeepCookie(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            return;
        foreach (var set in cookies)
            if (set.StartsWith(SessionCookie + "=", StringComparison.Ordinal))
                cookie = set[(SessionCookie.Length + 1)..].Split(';')[0];
    }

    private static FluxgateException Error(HttpStatusCode status, string text)
    {
        JsonObject? problem = null;
        try
        {
            problem = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // A proxy's page or the like: the status is all there is.
        }
        return new FluxgateException(
            (int)status, problem?["code"]?.GetValue<string>() ?? "http", problem?["detail"]?.GetValue<string>() ?? $"The server answered {(int)status}.", problem);
    }

    public void Dispose() => http.Dispose();
}
