using System.Text.Json;
using System.Text.RegularExpressions;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>Generated from the OpenAPI document, so that a new route is in it without anybody thinking of it.</summary>
public sealed partial class OrganizationRouteTests
{
    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Parameter();

    [Fact]
    public async Task Abuse01_Every_organization_route_is_closed_to_strangers_and_shows_no_resource_of_another_organization()
    {
        var installation = await Installation.Get();
        var (mine, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var theirs = await ResourcesOf(other);
        var key = installation.KeyClient(await mine.NewKey([.. Security.Permissions.All.Select(p => p.Name)]));
        var operations = await Operations(installation);
        Assert.True(operations.Count > 50, $"Only {operations.Count} operations were found.");
        var faults = new List<string>();
        var withResource = 0;
        foreach (var (method, path) in operations)
        {
            var rest = Parameter().Replace(path["/v1".Length..], m => Resource(path, m.Groups[1].Value, theirs));
            async Task Expect(string who, Task<HttpResponseMessage> request, params int[] expected)
            {
                var answer = await request;
                if (!expected.Contains((int)answer.StatusCode))
                    faults.Add($"{who} {method} {path}: {(int)answer.StatusCode}");
                var text = await answer.Content.ReadAsStringAsync();
                foreach (var secret in (string[])[other.Email, "theirs-and-nobody-elses"])
                    if (text.Contains(secret, StringComparison.Ordinal))
                        faults.Add($"{who} {method} {path} shows {secret}");
            }

            Task<HttpResponseMessage> Send(TestClient client, string target) => client.Send(method, target, Body(method, path, other), ("If-Match", "\"1\""), ("Idempotency-Key", "k"));

            await Expect("anonymous", Send(installation.Client(), path.Contains('{') ? "/v1" + rest : path), 401);
            await Expect("anonymous in the organization", Send(installation.Client(), $"/v1/orgs/{other.Slug}{rest}"), 401);
            foreach (var organization in (string[])[other.Slug, other.Organization.ToString()])
            {
                await Expect("a member of another organization", Send(mine.Client, $"/v1/orgs/{organization}{rest}"), 404);
                await Expect("a key of another organization", Send(key, $"/v1/orgs/{organization}{rest}"), 403);
            }
            if (!path.Contains('{') )
                continue;
            withResource++;
            await Expect("a member with another's resource", Send(mine.Client, $"/v1/orgs/{mine.Slug}{rest}"), 404);
            await Expect("a key with another's resource", Send(key, "/v1" + rest), 404);
        }
        Assert.Empty(faults);
        Assert.True(withResource > 25, $"Only {withResource} operations name a resource.");

        // Nothing of the other organization has changed.
        foreach (var (collection, id) in theirs.Where(r => r.Key is not ("audit-events" or "invitations" or "kv")))
            Assert.Contains((await other.Get($"/{collection}?limit=200").Success()).GetProperty("items").EnumerateArray(), r => Id(r) == id);
        Assert.Equal(theirs["kv"], (await other.Get($"/kv/workflow:{theirs["workflows"]}/{theirs["kv"]}").Success()).Text("value"));
        Assert.Equal("waiting", (await other.Get($"/runs/{theirs["runs"]}").Success()).Text("status"));
    }

    private static string? Id(JsonElement item) => item.TryGetProperty("id", out var id) ? id.GetString() : item.Text("user_id");

    /// <summary>Every operation that belongs to an organization: those that say which permission they need.</summary>
    private static async Task<List<(HttpMethod Method, string Path)>> Operations(TestInstallation installation)
    {
        var document = await installation.Client().Get("/openapi/v1.json").Success();
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Value.TryGetProperty("description", out var needs) && needs.GetString()!.StartsWith("Needs the permission", StringComparison.Ordinal)
               select (new HttpMethod(operation.Name.ToUpperInvariant()), path.Name),
        ];
    }

    /// <summary>The parameter's value: the other organization's resource of the collection before it.</summary>
    private static string Resource(string path, string parameter, Dictionary<string, string> theirs) =>
        parameter == "version" ? "1" : parameter == "scope" ? $"workflow:{theirs["workflows"]}" : theirs.TryGetValue(path.Split('/')[2], out var id) ? id : throw new InvalidOperationException($"Make a resource for {path} in {nameof(ResourcesOf)}.");

    /// <summary>A body that would be taken, so that not the body is what is refused.</summary>
    private static object? Body(HttpMethod method, string path, TestMember other)
    {
        if (method == HttpMethod.Get || method == HttpMethod.Delete)
            return null;
        var document = "format: 1\nname: X\ntrigger: { type: api }\nnodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n";
        return path switch
        {
            _ when path.EndsWith("/runs", StringComparison.Ordinal) => new { input = 1 },
            _ when path.EndsWith("/retry", StringComparison.Ordinal) || path == "/v1/runs/cancel" => new { },
            _ when path.EndsWith("/outcome", StringComparison.Ordinal) => new { outcome = "retry", reason = "mine" },
            _ when path.EndsWith("/retention", StringComparison.Ordinal) => new { max_count = 1000, min_count = 0 },
            _ when path.EndsWith("/reveal", StringComparison.Ordinal) => new { reason = "mine" },
            _ when path.EndsWith("/signals", StringComparison.Ordinal) => new { name = "go" },
            _ when path.EndsWith("/clone", StringComparison.Ordinal) => new { name = "Copy" },
            _ when path.EndsWith("/draft", StringComparison.Ordinal) && method == HttpMethod.Put => new { document, format = "yaml" },
            _ when path.EndsWith("/decisions", StringComparison.Ordinal) => new { decision = "approve", content_sha256 = new string('0', 64) },
            _ when path.EndsWith("/secret", StringComparison.Ordinal) => new { secret = new { token = "mine" } },
            _ when path.EndsWith("/test", StringComparison.Ordinal) => new { },
            _ when path.StartsWith("/v1/credentials/{", StringComparison.Ordinal) => new { description = "x", allowed_hosts = new[] { "example.test" } },
            _ when path.StartsWith("/v1/connectors/{", StringComparison.Ordinal) => new { description = "x", base_url = "https://example.test", authentication = new { type = "none" }, endpoints = Array.Empty<object>() },
            _ when path.StartsWith("/v1/members/{", StringComparison.Ordinal) => new { roles = new[] { "viewer" } },
            _ when path.EndsWith("/increment", StringComparison.Ordinal) => new { by = 1 },
            _ when path.StartsWith("/v1/kv/", StringComparison.Ordinal) => new { value = "mine" },
            _ when path.EndsWith("/members", StringComparison.Ordinal) => new { user_ids = new[] { other.UserId } },
            _ => null,
        };
    }

    /// <summary>One resource of each collection.</summary>
    private static async Task<Dictionary<string, string>> ResourcesOf(TestMember owner)
    {
        const string Marked = "theirs-and-nobody-elses";
        async Task<string> Made(string collection, object body) => (await owner.Post($"/{collection}", body).Success()).Text("id");
        var workflow = await owner.Publish($"format: 1\nname: {Marked}\ntrigger: {{ type: api }}\nnodes:\n  - {{ id: ask, type: review, settings: {{ title: {Marked}, content: 1 }} }}\n");
        var run = await owner.StartRun(workflow, Marked);
        await owner.Put($"/kv/workflow:{workflow}/{Marked}", new { value = Marked }).Success();
        return new Dictionary<string, string>
        {
            ["workflows"] = workflow,
            ["runs"] = run,
            ["reviews"] = (await owner.RunIn(run, "waiting")).Step("ask").Text("review_id"),
            ["credentials"] = await Made("credentials", new { name = Marked, type = "bearer", allowed_hosts = new[] { "example.test" }, secret = new { token = Marked } }),
            ["connectors"] = await Made("connectors", new { name = Marked, base_url = "https://example.test", authentication = new { type = "none" }, endpoints = Array.Empty<object>() }),
            ["groups"] = await Made("groups", new { name = Marked }),
            ["webhook-endpoints"] = await Made("webhook-endpoints", new { name = Marked, url = "https://example.test", event_types = new[] { "*" } }),
            ["api-keys"] = await Made("api-keys", new { name = Marked, scopes = new[] { "runs:read" } }),
            ["invitations"] = await Made("invitations", new { email = People.NewEmail(), roles = new[] { "viewer" } }),
            ["members"] = owner.UserId.ToString(),
            ["kv"] = Marked,
            ["audit-events"] = (await owner.Get("/audit-events").Success()).GetProperty("items")[0].Text("id"),
        };
    }
}
