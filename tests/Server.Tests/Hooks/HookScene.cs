using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Hooks;

/// <summary>An organization with a published workflow that a signed request to <c>in</c> starts.</summary>
internal sealed record HookScene(TestInstallation Installation, TestMember Owner, string Secret, string Workflow)
{
    public const string Doubles = """  - { id: double, type: transform, settings: { output: "{{ trigger.body.n * 2 }}" } }""";

    public static string Document(string name, string nodes = Doubles, string answer = "accepted", string auth = "{ type: hmac, credential: signer }", string output = "{{ steps.double }}") =>
        $"format: 1\nname: {name}\ntrigger: {{ type: webhook, settings: {{ path: in, answer: {answer}, auth: {auth} }} }}\nnodes:\n{nodes}\noutput: \"{output}\"\n";

    public static async Task<HookScene> New(string? document = null)
    {
        var installation = await Tests.Installation.Get();
        var owner = await installation.NewOrganization();
        var secret = Guid.NewGuid().ToString("N");
        await owner.Post("/credentials", new { name = "signer", type = "hmac", allowed_hosts = new[] { "example.test" }, secret = new { secret } }).Success();
        await owner.Post("/credentials", new
        {
            name = "key", type = "api_key", allowed_hosts = new[] { "example.test" }, secret = new { @in = "header", name = "X-Sender-Token", prefix = "Key ", value = secret },
        }).Success();
        return new HookScene(installation, owner, secret, await owner.Publish(document ?? Document("Hook")));
    }

    /// <summary>A rightly signed request, of a new delivery unless one is named.</summary>
    public Task<HttpResponseMessage> Send(string body, string? id = null, TimeSpan? ago = null) =>
        Post(Encoding.UTF8.GetBytes(body), SignedRequest.Header(Secret, id ?? Guid.NewGuid().ToString("N"), Encoding.UTF8.GetBytes(body), ago));

    public Task<HttpResponseMessage> Post(byte[] body, params (string, string)[] headers) => Post("in", SignedRequest.Json(body), headers);

    public Task<HttpResponseMessage> Post(string path, HttpContent content, params (string, string)[] headers) =>
        Installation.Client().Send(HttpMethod.Post, $"/hooks/{Owner.Slug}/{path}", content, headers);

    public async Task<int> Runs() => (await Owner.Get("/runs?limit=200").Success()).GetProperty("items").GetArrayLength();
}
