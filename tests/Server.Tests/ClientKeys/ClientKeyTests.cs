using System.Net;
using System.Text.Json;
using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.ClientKeys;

/// <summary>FB05: a page of a listed origin starts what is marked public with a key that is no secret, and does nothing else.</summary>
public sealed class ClientKeyTests
{
    private const string Shop = "https://shop.example.com";
    private const string Public = "{ format: 1, name: Ask, trigger: { type: api, settings: { public: true } }, nodes: [{ id: a, type: transform, settings: { output: \"{{ trigger.body }}\" } }] }";
    private const string Closed = "{ format: 1, name: Closed, trigger: { type: api }, nodes: [{ id: a, type: merge }] }";

    private static async Task<(string Id, string Key, int Revision)> NewKey(TestMember owner, long? aMinute = null, params string[] origins)
    {
        var made = await owner.Post("/client-keys", new { name = "Shop", origins = origins.Length == 0 ? [Shop] : origins, a_minute = aMinute }).Success();
        return (made.Text("id"), made.Text("key"), made.GetProperty("revision").GetInt32());
    }

    private static Task<HttpResponseMessage> Start(TestClient page, string workflow, string? key, string? origin = Shop, object? input = null, string? once = null)
    {
        List<(string, string)> headers = [("Idempotency-Key", once ?? Guid.NewGuid().ToString())];
        if (key is not null)
            headers.Add(("X-Client-Key", key));
        if (origin is not null)
            headers.Add(("Origin", origin));
        return page.Post($"/v1/client/workflows/{workflow}/runs", new { input = input ?? 1 }, [.. headers]);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    [Fact]
    public async Task FB05_A_page_of_a_listed_origin_starts_a_public_workflow_and_no_other()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (open, closed, theirs) = (await owner.Publish(Public), await owner.Publish(Closed), await other.Publish(Public));
        var (_, key, _) = await NewKey(owner);
        Assert.Matches("^fgc_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$", key);
        var page = installation.Client();

        var started = await Start(page, open, key, input: new { question = "When?" }, once: "first");
        Assert.Equal((HttpStatusCode.Accepted, Shop, "Origin"), (started.StatusCode, Header(started, "Access-Control-Allow-Origin"), Header(started, "Vary")));
        var run = (await started.Json()).Text("run_id");
        Assert.Equal("When?", (await owner.FinishedRun(run)).GetProperty("steps")[0].GetProperty("output").GetProperty("question").GetString());
        Assert.Equal(run, (await Start(page, open, key, input: new { question = "When?" }, once: "first").Success()).Text("run_id"));

        // What is not public, not published, of another organization or not there at all is one answer.
        foreach (var workflow in (string[])[closed, theirs, (await owner.Draft(Public.Replace("Ask", "Draft", StringComparison.Ordinal)).Success()).Text("id"), Guid.NewGuid().ToString()])
            await Start(page, workflow, key).Refuses(404, "workflow.not_found");
        foreach (var origin in (string?[])[null, "null", "https://shop.example.com.evil.test", "http://shop.example.com", "https://evil.example", Shop.ToUpperInvariant()])
            await Start(page, open, key, origin).Refuses(403, "client_key.origin");
        foreach (var wrong in (string?[])[null, "", "fgc_x", key[..^1] + (key[^1] == 'a' ? 'b' : 'a'), key[4..]])
            await Start(page, open, wrong).Refuses(401, "client_key.invalid");
        Assert.Equal("denied", (await installation.EventuallyAudited(owner.Organization, "client_key.refused")).Text("result"));

        // It is no key of the API.
        var program = new TestClient(installation.Address) { ApiKey = key };
        await program.Get("/v1/workflows").Refuses(401, "key.invalid");
        await program.Post($"/v1/workflows/{open}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Refuses(401, "key.invalid");
    }

    [Fact]
    public async Task FB05_A_client_key_is_listed_changed_and_revoked_and_each_is_audited()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Public);
        var (id, key, revision) = await NewKey(owner);
        var elsewhere = installation.Client();
        await Start(elsewhere, workflow, key).Success();

        foreach (var (origins, aMinute, pointer) in ((string[], long?, string)[])
        [
            ([], null, "/origins"), (["*"], null, "/origins/0"), (["https://*.example.com"], null, "/origins/0"), (["http://shop.example.com"], null, "/origins/0"), (["https://shop.example.com/"], null, "/origins/0"),
            (["null"], null, "/origins/0"), ([.. Enumerable.Range(0, 21).Select(i => $"https://{i}.example.com")], null, "/origins"), ([Shop], 0, "/a_minute"), ([Shop], 601, "/a_minute"),
        ])
        {
            var refused = await owner.Post("/client-keys", new { name = "x", origins, a_minute = aMinute });
            Assert.Equal((400, pointer), ((int)refused.StatusCode, (await refused.Json()).GetProperty("errors")[0].Text("pointer")));
        }
        object moved = new { name = "Moved", origins = (string[])["https://new.example.com", "http://localhost:5173"] };
        await owner.Put($"/client-keys/{id}", moved, ("If-Match", $"\"{revision + 1}\"")).Refuses(412, "resource.stale");
        await owner.Put($"/client-keys/{id}", moved, ("If-Match", $"\"{revision}\"")).Success();
        await Start(elsewhere, workflow, key).Refuses(403, "client_key.origin");
        await Start(elsewhere, workflow, key, "https://new.example.com").Success();
        Assert.Equal(key, (await owner.Get("/client-keys").Success()).GetProperty("items")[0].Text("key"));

        await owner.Post($"/client-keys/{id}/revoke", null).Success();
        await Start(elsewhere, workflow, key, "https://new.example.com").Refuses(401, "client_key.invalid");
        await owner.Put($"/client-keys/{id}", moved, ("If-Match", $"\"{revision + 2}\"")).Refuses(409, "client_key.revoked");
        foreach (var type in (string[])["client_key.created", "client_key.changed", "client_key.revoked"])
            Assert.Single(await installation.Audited(owner.Organization, type));
    }

    [Fact]
    public async Task FB05_F811_A_preflight_is_answered_for_origins_of_live_keys_and_never_with_credentials()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var origin = $"https://{owner.Slug}.example.com";
        var page = installation.Client();
        Task<HttpResponseMessage> Ask(string from, string path = "/v1/client/workflows/0/runs") =>
            page.Send(HttpMethod.Options, path, null, ("Origin", from), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-client-key"));
        Assert.Equal(HttpStatusCode.NotFound, (await Ask(origin)).StatusCode);
        var (id, _, _) = await NewKey(owner, null, origin);
        await Condition.Holds(async () => (await Ask(origin)).StatusCode == HttpStatusCode.NoContent, "the new origin is known", seconds: 5);
        var answer = await Ask(origin);
        Assert.Equal(
            (origin, "POST", "Content-Type, Idempotency-Key, X-Client-Key", null),
            (Header(answer, "Access-Control-Allow-Origin"), Header(answer, "Access-Control-Allow-Methods"), Header(answer, "Access-Control-Allow-Headers"), Header(answer, "Access-Control-Allow-Credentials")));
        // The list of pages opens nothing but what is for pages.
        foreach (var path in (string[])["/v1/workflows", "/v1/client-keys", "/hooks/a/b", "/v1/client/none", "/"])
            Assert.Equal(HttpStatusCode.NotFound, (await Ask(origin, path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Ask("https://evil.example")).StatusCode);
        await owner.Post($"/client-keys/{id}/revoke", null).Success();
        await Condition.Holds(async () => (await Ask(origin)).StatusCode == HttpStatusCode.NotFound, "the origin is forgotten", seconds: 5);
    }

    [Fact]
    public async Task FB05_FB09_A_client_key_has_limits_of_its_own_and_its_visitors_pay_by_address_first()
    {
        await using var installation = await TestInstallation.Start(("limits:client_key_a_minute", "40"));
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Public);
        var (_, key, _) = await NewKey(owner, 10);
        var (_, wide, _) = await NewKey(owner);
        var page = installation.Client();
        async Task<(int Taken, HttpResponseMessage Last)> Flood(string with, int times)
        {
            var answers = new List<HttpResponseMessage>();
            for (var i = 0; i < times; i++)
                answers.Add(await Start(page, workflow, with));
            Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.TooManyRequests));
            return (answers.Count(a => a.StatusCode == HttpStatusCode.Accepted), answers.Last(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        }
        var (taken, refused) = await Flood(key, 20);
        Assert.InRange(taken, 10, 13);
        Assert.Contains("\"client-key\";q=10;w=60", Header(refused, "RateLimit-Policy")!, StringComparison.Ordinal);
        Assert.InRange((await Flood(wide, 60)).Taken, 40, 46);
        // The organization's own requests go on.
        await owner.Get("/workflows").Success();
        await Condition.Holds(
            async () => (await owner.Get("/settings/limits").Success()).GetProperty("violations").EnumerateArray().Any(v => v.Text("limit") == "client_key" && v.Text("subject_name") == "Shop"), "it is counted", seconds: 10);

        await using var narrow = await installation.AnotherNode(("limits:anonymous_a_minute", "5"));
        var stranger = new TestClient(narrow.Address);
        var (_, third, _) = await NewKey(owner);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
            statuses.Add((await Start(stranger, workflow, third)).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);

        await using var closed = await installation.AnotherNode(("public_api_enabled", "false"));
        await Start(new TestClient(closed.Address), workflow, third).Refuses(503, "switch.api");
    }

    [Fact]
    public async Task FN08_FN12_Requests_of_pages_are_logged_by_key_and_switched_off_with_the_api()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Public);
        var (id, key, _) = await NewKey(owner);
        var page = installation.Client();
        var mark = Header(await Start(page, workflow, key), "Fluxgate-Watermark")!;
        JsonElement[] logged = [];
        await Condition.Holds(async () => (logged = [.. (await owner.Get($"/request-log?client_key_id={id}").Success()).GetProperty("items").EnumerateArray()]).Length == 1, "it is logged");
        Assert.Equal(("start_public_run", "Shop", 202, mark), (logged[0].Text("operation"), logged[0].Text("client_key_name"), logged[0].GetProperty("status").GetInt32(), logged[0].Text("watermark")));
        Assert.Equal(id, (await owner.Get($"/watermarks/{mark}").Success()).Text("client_key_id"));

        await owner.Put("/kill-switches/api", new { off = true, reason = "a test" }).Success();
        await Condition.Holds(async () => await Start(page, workflow, key) is { StatusCode: HttpStatusCode.ServiceUnavailable } off && await off.Code() == "switch.api", "pages are refused", seconds: 5);
        await owner.Put("/kill-switches/api", new { off = false, reason = "a test" }).Success();
        await Condition.Holds(async () => (await Start(page, workflow, key)).IsSuccessStatusCode, "pages are served again", seconds: 5);
    }

    [Fact]
    public async Task FB05_The_command_line_makes_lists_changes_and_revokes_client_keys()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var key = (await Output(shell, "client-keys", "create", "Shop", "--origin", Shop, "--a-minute", "30")).Trim();
        var workflow = await owner.Publish(Public);
        await Start(installation.Client(), workflow, key).Success();
        Assert.Contains($"{key}", await Output(shell, "client-keys", "list"), StringComparison.Ordinal);
        await Output(shell, "client-keys", "change", key, "--origin", "https://new.example.com");
        await Start(installation.Client(), workflow, key).Refuses(403, "client_key.origin");
        var shown = (await owner.Get("/client-keys").Success()).GetProperty("items")[0];
        Assert.Equal(("Shop", 30), (shown.Text("name"), shown.GetProperty("a_minute").GetInt32()));
        await Output(shell, "client-keys", "revoke", key);
        await Start(installation.Client(), workflow, key, "https://new.example.com").Refuses(401, "client_key.invalid");
    }

    private static async Task<string> Output(CommandLine shell, params string[] arguments)
    {
        var (exit, output, error) = await shell.Run(null, arguments);
        Assert.Equal((0, ""), (exit, error));
        return output;
    }
}
