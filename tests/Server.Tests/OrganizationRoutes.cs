using System.Text.RegularExpressions;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>Every operation of an organization as the OpenAPI document has it, with something for each of its parameters and a body that would be taken.</summary>
internal static partial class OrganizationRoutes
{
    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Parameter();

    /// <summary>The path with <paramref name="resources"/> in the place of its parameters.</summary>
    public static string Fill(string path, Dictionary<string, string> resources) => Parameter().Replace(path, m => Resource(path, m.Groups[1].Value, resources));

    /// <summary>Every operation that belongs to an organization: those that say which permission they need.</summary>
    public static async Task<List<(HttpMethod Method, string Path)>> Operations(TestInstallation installation)
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
    public static object? Body(HttpMethod method, string path, TestMember other)
    {
        if (method == HttpMethod.Get || method == HttpMethod.Delete)
            return null;
        var document = "format: 1\nname: X\ntrigger: { type: api }\nnodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n";
        return path switch
        {
            _ when path.EndsWith("/runs", StringComparison.Ordinal) => new { input = 1 },
            _ when path.EndsWith("/retry", StringComparison.Ordinal) || path == "/v1/runs/cancel" => new { },
            _ when path.EndsWith("/outcome", StringComparison.Ordinal) => new { outcome = "retry", reason = "mine" },
            _ when path.EndsWith("/limits", StringComparison.Ordinal) => new { organization_a_minute = (int?)null, key_a_minute = 5000 },
            "/v1/anomaly-settings" => AnomalySettings,
            _ when path.EndsWith("/acknowledge", StringComparison.Ordinal) => new { note = "mine" },
            _ when path.EndsWith("/retention", StringComparison.Ordinal) => new { max_count = 1000, min_count = 0 },
            // On as it is: a key that switches the API off would stop itself.
            _ when path.EndsWith("/kill-switch", StringComparison.Ordinal) || path.StartsWith("/v1/kill-switches/", StringComparison.Ordinal) => new { off = false, reason = "mine" },
            _ when path.EndsWith("/reveal", StringComparison.Ordinal) => new { reason = "mine" },
            _ when path.EndsWith("/signals", StringComparison.Ordinal) => new { name = "go" },
            _ when path.EndsWith("/rotate", StringComparison.Ordinal) => new { grace_hours = 1 },
            _ when path.EndsWith("/signing-keys", StringComparison.Ordinal) => new { algorithm = "hmac_sha256" },
            _ when path.EndsWith("/signing", StringComparison.Ordinal) => new { required = false },
            _ when path.EndsWith("/suspend", StringComparison.Ordinal) => new { reason = "mine" },
            "/v1/client-keys/{id}" => new { name = "X", origins = new[] { "https://x.example.com" } },
            _ when path.StartsWith("/v1/service-accounts/{", StringComparison.Ordinal) => new { name = "X", roles = new[] { "viewer" } },
            _ when path.EndsWith("/access", StringComparison.Ordinal) => new { mode = "everyone", grants = Array.Empty<object>() },
            _ when path.EndsWith("/roles", StringComparison.Ordinal) => new { roles = new[] { "viewer" } },
            _ when path.StartsWith("/v1/roles/{", StringComparison.Ordinal) => new { permissions = Array.Empty<string>() },
            _ when path.StartsWith("/v1/folders/{", StringComparison.Ordinal) => new { name = "X" },
            _ when path.EndsWith("/folder", StringComparison.Ordinal) => new { folder_id = (Guid?)null },
            _ when path.EndsWith("/clone", StringComparison.Ordinal) => new { name = "Copy" },
            _ when path.EndsWith("/draft", StringComparison.Ordinal) && method == HttpMethod.Put => new { document, format = "yaml" },
            _ when path.EndsWith("/decisions", StringComparison.Ordinal) => new { decision = "approve", content_sha256 = new string('0', 64) },
            _ when path.EndsWith("/secret", StringComparison.Ordinal) => new { secret = new { token = "mine" } },
            _ when path.Contains("/tests/", StringComparison.Ordinal) => new { run_id = Guid.Empty },
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

    /// <summary>Other than the defaults in every member.</summary>
    public static readonly object AnomalySettings = new
    {
        volume = false, volume_suspends = true, volume_factor = 6, volume_over = 101, new_network = false, new_network_suspends = true, error_rate = false, error_rate_suspends = true,
        error_percent = 21, error_calls = 51, unusual_hours = false, unusual_hours_suspends = true, usual_days = 5, outbound_bytes = false, outbound_factor = 6, outbound_over = 10_000_001,
        new_host = false, history_hours = 25,
    };

    /// <summary>One resource of each collection.</summary>
    public static async Task<Dictionary<string, string>> ResourcesOf(TestMember owner)
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
            ["folders"] = await Made("folders", new { name = Marked }),
            ["roles"] = (await owner.Post("/roles", new { name = "theirs_and_nobody_elses", permissions = Array.Empty<string>() }).Success()).Text("name"),
            ["groups"] = await Made("groups", new { name = Marked }),
            ["webhook-endpoints"] = await Made("webhook-endpoints", new { name = Marked, url = "https://example.test", event_types = new[] { "*" } }),
            ["api-keys"] = await Made("api-keys", new { name = Marked, scopes = new[] { "runs:read" } }),
            ["client-keys"] = await Made("client-keys", new { name = Marked, origins = new[] { "https://x.example.com" } }),
            ["service-accounts"] = await Made("service-accounts", new { name = Marked, roles = new[] { "viewer" } }),
            ["invitations"] = await Made("invitations", new { email = People.NewEmail(), roles = new[] { "viewer" } }),
            ["anomalies"] = await AnomalyOf(owner),
            ["members"] = owner.UserId.ToString(),
            ["kv"] = Marked,
            ["watermarks"] = (await owner.Get("/audit-events")).Headers.GetValues("Fluxgate-Watermark").Single(),
            ["audit-events"] = (await owner.Get("/audit-events").Success()).GetProperty("items")[0].Text("id"),
        };
    }

    /// <summary>Nobody can ask for one.</summary>
    private static async Task<string> AnomalyOf(TestMember owner)
    {
        var id = Guid.CreateVersion7();
        await (await Installation.Get()).Change("""
            insert into anomalies (organization_id, id, kind, subject_kind, subject_id, subject_name, first_seen, last_seen, measured, expected, places, suspended)
            values ($1, $2, 'volume', 'api_key', $2, 'theirs-and-nobody-elses', now(), now(), 1, 0, '{}', false)
            """, owner.Organization, id);
        return id.ToString();
    }
}
