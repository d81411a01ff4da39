using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Nodes;
using Fluxgate.Engine.Runs;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.KeyValues;

/// <summary>F808: the key-value store as workflows use it.</summary>
public sealed class KvNodeTests
{
    private static string Document(params string[] nodes) =>
        $"format: 1\nname: Keeps {Guid.NewGuid():N}\ntrigger: {{ type: api }}\nnodes:\n{string.Concat(nodes.Select(n => $"  - {n}\n"))}";

    private static string Chain(string output, params (string Id, string Settings)[] steps) =>
        Document([.. steps.Select(s => $"{{ id: {s.Id}, type: kv, settings: {{ {s.Settings} }} }}")])
        + $"edges: [{string.Join(", ", steps.Zip(steps.Skip(1), (a, b) => $"{{ from: {a.Id}, to: {b.Id} }}"))}]\noutput: {output}\n";

    private static async Task<string[]> Faults(TestMember owner, string document) =>
        [.. (await (await owner.Draft(document)).Json()).GetProperty("errors").EnumerateArray().Select(e => e.Text("code"))];

    [Fact]
    public async Task F808_A_workflow_writes_into_the_scope_that_it_names_and_reads_the_nearest()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Put("/kv/organization/limit", new { value = 10 }).Success();
        var workflow = await owner.Publish(Chain("\"{{ [steps.near, steps.count, steps.shared, steps.gone, steps.after] }}\"",
            ("own", "action: set, scope: workflow, key: limit, value: { n: 20 }, ttl: 1h"),
            ("near", "action: get, key: limit"),
            ("shared", "action: get, scope: organization, key: limit"),
            ("count", "action: increment, scope: organization, key: \"{{ 'seen-' + trigger.body }}\", by: 3"),
            ("gone", "action: delete, scope: workflow, key: limit"),
            ("after", "action: get, scope: workflow, key: limit")));
        var output = (await owner.FinishedRun(await owner.StartRun(workflow, "x"))).GetProperty("output");
        Assert.Equal((true, 20), (output[0].GetProperty("found").GetBoolean(), output[0].GetProperty("value").GetProperty("n").GetInt32()));
        Assert.Equal((3, 10, true), (output[1].GetProperty("value").GetInt32(), output[2].GetProperty("value").GetInt32(), output[3].GetProperty("deleted").GetBoolean()));
        Assert.Equal((false, JsonValueKind.Null), (output[4].GetProperty("found").GetBoolean(), output[4].GetProperty("value").ValueKind));
        Assert.Equal(3, (await owner.Get("/kv/organization/seen-x").Success()).GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task F808_An_entry_of_a_folder_is_nearer_than_the_organizations_and_farther_than_the_workflows()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var folder = (await owner.Post("/folders", new { name = "Finance" }).Success()).Text("id");
        await owner.Put("/kv/organization/limit", new { value = 1 }).Success();
        await owner.Put($"/kv/folder:{folder}/limit", new { value = 2 }).Success();
        var workflow = await owner.Publish(Document("{ id: show, type: transform, settings: { output: \"{{ kv('limit') }}\" } }") + "output: \"{{ steps.show }}\"\n");
        async Task<int> Seen() => (await owner.FinishedRun(await owner.StartRun(workflow))).GetProperty("output").GetInt32();
        Assert.Equal(1, await Seen());
        await owner.Put($"/workflows/{workflow}/folder", new { folder_id = folder }).Success();
        Assert.Equal(2, await Seen());
        Assert.Equal(2, (await owner.Get($"/kv/workflow:{workflow}/limit?nearest=true").Success()).GetProperty("value").GetInt32());
        await owner.Put($"/kv/workflow:{workflow}/limit", new { value = 3 }).Success();
        Assert.Equal(3, await Seen());
        Assert.Equal(["limit"], (await owner.Get($"/kv/folder:{folder}").Success()).GetProperty("items").EnumerateArray().Select(e => e.Text("key")));
        await owner.Get($"/kv/folder:{Guid.NewGuid()}").Refuses(404, "kv_scope.not_found");
    }

    [Fact]
    public async Task F808_A_workflow_writes_into_its_folder_if_it_lies_in_one()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var folder = (await owner.Post("/folders", new { name = "Finance" }).Success()).Text("id");
        var workflow = await owner.Publish(Chain("1", ("count", "action: increment, scope: folder, key: seen")));
        var failed = await owner.FinishedRun(await owner.StartRun(workflow));
        Assert.Equal("kv.no_folder", failed.GetProperty("error").Text("code"));
        await owner.Put($"/workflows/{workflow}/folder", new { folder_id = folder }).Success();
        await owner.FinishedRun(await owner.StartRun(workflow));
        Assert.Equal(1, (await owner.Get($"/kv/folder:{folder}/seen").Success()).GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task F808_A_step_compares_the_version_that_it_read()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        const string Set = "action: set, scope: organization, key: cursor, value: mine, if_version: ";
        var workflow = await owner.Publish(Chain("1", ("read", "action: get, key: cursor"), ("write", Set + "\"{{ steps.read.version }}\""), ("stale", Set + "\"{{ steps.read.version }}\"")));
        var run = await owner.FinishedRun(await owner.StartRun(workflow));
        // It read that there is none, so the second write meets the first.
        Assert.Equal(("failed", "kv.exists"), (run.Text("status"), run.GetProperty("error").Text("code")));
        Assert.Equal("mine", (await owner.Get("/kv/organization/cursor").Success()).Text("value"));
    }

    [Fact]
    public async Task F808_A_write_that_was_made_before_a_crash_is_found_and_not_made_again()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Document(
            "{ id: hold, type: wait, settings: { signal: go } }",
            "{ id: count, type: kv, when: \"{{ false }}\", settings: { action: increment, scope: organization, key: n, by: 5 } }",
            "{ id: put, type: kv, when: \"{{ false }}\", settings: { action: set, scope: organization, key: s, value: first, if_version: 0 } }"));
        var run = await owner.StartRun(workflow);
        await owner.RunIn(run, "waiting");
        // What the engine does when it takes a run up whose step was begun and has no outcome in the journal.
        var (organization, id) = (new OrganizationId(owner.Organization), new WorkflowId(Guid.Parse(workflow)));
        var nodes = (await installation.Services.GetRequiredService<WorkflowCatalog>().Get(organization, id, 1, CancellationToken.None)).Value.Nodes;
        Task<EffectOutcome> Attempt(int node, int attempt) => installation.Services.GetRequiredService<StepEffects>().Run(
            new StepEffect(organization, new RunId(Guid.Parse(run)), nodes[node], nodes[node].RawSettings, $"{run}.{nodes[node].Id}", attempt, TimeSpan.FromSeconds(30)) { Workflow = id }, CancellationToken.None);
        var counts = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => Attempt(1, n)));
        Assert.All(counts, c => Assert.Equal(5, c.Value.Value.TryGetMember("value", out var value) ? value.AsInt : 0));
        Assert.Equal(5, (await owner.Get("/kv/organization/n").Success()).GetProperty("value").GetInt32());
        Assert.True((await Attempt(2, 1)).Value.Succeeded);
        await owner.Put("/kv/organization/s", new { value = "somebody's" }).Success();
        Assert.True((await Attempt(2, 2)).Value.Succeeded);
        Assert.Equal("somebody's", (await owner.Get("/kv/organization/s").Success()).Text("value"));

        // With the run its receipts go, and a straggler finds the run over.
        await owner.Post($"/runs/{run}/cancel", null).Success();
        await owner.FinishedRun(run);
        await Condition.Holds(async () => await installation.TextOf("select count(*) from kv_receipts where run_id = $1", Guid.Parse(run)) == "0", "the receipts are deleted");
        Assert.Equal("kv.run_is_over", (await Attempt(1, 5)).Value.Error?.Code);
        Assert.Equal(5, (await owner.Get("/kv/organization/n").Success()).GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task F808_An_expression_reads_the_store_once_for_its_step()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Put("/kv/organization/limit", new { value = 10 }).Success();
        var changed = new TaskCompletionSource();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(503) { Until = changed.Task }, new StubAnswer(200));
        var connector = await owner.Connect(path);
        var run = await owner.StartRun(await owner.Publish(Document(
            $"{{ id: call, type: http, settings: {{ connector: {connector}, endpoint: call, body: \"{{{{ [kv('limit'), kv('absent')] }}}}\" }}, retry: {{ attempts: 2, initial: 10ms }} }}",
            "{ id: kept, type: filter, settings: { items: \"{{ [5, 15] }}\", where: \"{{ item > kv('limit') }}\" } }",
            "{ id: off, type: transform, when: \"{{ kv('limit') > 100 }}\", settings: { output: 1 } }")));
        await Condition.Holds(() => Task.FromResult(path.Requests.Count == 1), "the first attempt is made");
        // The other steps read at a time of their own.
        await Condition.Holds(async () => (await owner.Get($"/runs/{run}").Success()) is var shown && shown.Step("kept").Text("status") == "succeeded" && shown.Step("off").Text("status") == "filtered", "the others are done");
        await owner.Put("/kv/organization/limit", new { value = 99 }).Success();
        changed.SetResult();
        var finished = await owner.FinishedRun(run);
        Assert.Equal("succeeded", finished.Text("status"));
        Assert.Equal(["[10,null]", "[10,null]"], path.Requests.Select(r => r.Text));
        Assert.Equal("[15]", finished.Step("kept").GetProperty("output").GetRawText());
        Assert.Equal("filtered", finished.Step("off").Text("status"));
        var journal = (await owner.Get($"/runs/{run}/journal").Success()).GetRawText();
        Assert.Contains("key_values_read", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("limit", journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F808_No_expression_reads_a_secret_and_no_name_is_computed()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        string Transform(string expression) => Document($"{{ id: a, type: transform, settings: {{ output: \"{{{{ {expression} }}}}\" }} }}");
        Assert.Equal(["kv.secret_not_readable"], await Faults(owner, Transform("kv('secret:erp')")));
        Assert.Equal(["kv.name"], await Faults(owner, Transform("kv('a b')")));
        Assert.Equal(["expression.literal_required"], await Faults(owner, Transform("kv('secret:' + 'erp')")));
        Assert.Equal(["kv.too_many_names"], await Faults(owner, Transform(string.Join(" + ", Enumerable.Range(0, 21).Select(n => $"kv('n{n}')")))));
        Assert.Equal(["expression.kv_outside_step"], await Faults(owner, Transform("1") + "output: { a: \"{{ kv('a') }}\" }\n"));
        string Node(string settings) => Document($"{{ id: a, type: kv, settings: {{ {settings} }} }}");
        Assert.Equal(["kv.secret_not_readable"], await Faults(owner, Node("action: get, key: \"secret:erp\"")));
        Assert.Equal(["required"], await Faults(owner, Node("action: set, key: a, value: 1")));
        Assert.Equal(["required"], await Faults(owner, Node("action: set, scope: workflow, key: a")));
        Assert.Equal(["kv.setting"], await Faults(owner, Node("action: get, key: a, value: 1")));
        Assert.Equal(["kv.allowed_hosts"], await Faults(owner, Node("action: set, scope: workflow, key: \"secret:a\", value: x")));

        // A name that is computed is judged when it is known.
        await owner.Put("/kv/organization/secret:erp", new { value = "the-secret-value", allowed_hosts = new[] { "a.test" } }).Success();
        foreach (var settings in (string[])["action: get, key: \"{{ trigger.body }}\"", "action: increment, scope: organization, key: \"{{ trigger.body }}\""])
        {
            var run = await owner.RunOnce(Node(settings), "secret:erp");
            Assert.Equal("kv.secret_not_readable", run.GetProperty("error").Text("code"));
            Assert.DoesNotContain("the-secret-value", run.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task F808_A_secret_is_sent_in_a_header_to_its_hosts_alone_and_hidden_in_what_comes_back()
    {
        const string Secret = "tok-3f9a1c-very-secret";
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200, $$"""{"you_sent":"{{Secret}}"}"""));
        var connector = await owner.Connect(path);
        string Calls(string headers) => Document($"{{ id: call, type: http, settings: {{ connector: {connector}, endpoint: call, secret_headers: {{ {headers} }} }} }}");
        var workflow = await owner.Publish(Calls("X-Api-Key: \"secret:erp\""));
        async Task<JsonElement> Run() => await owner.FinishedRun(await owner.StartRun(workflow));
        Assert.Equal("kv.secret_missing", (await Run()).GetProperty("error").Text("code"));
        await owner.Put("/kv/organization/secret:erp", new { value = Secret, allowed_hosts = new[] { "elsewhere.example.test" } }).Success();
        Assert.Equal("kv.secret_host", (await Run()).GetProperty("error").Text("code"));
        Assert.Empty(path.Requests);

        // The workflow's own is nearer.
        await owner.Put($"/kv/workflow:{workflow}/secret:erp", new { value = Secret, allowed_hosts = new[] { path.Address.Authority } }).Success();
        var run = await Run();
        Assert.Equal("succeeded", run.Text("status"));
        Assert.Equal(Secret, Assert.Single(path.Requests).Headers["X-Api-Key"]);
        Assert.Equal("[secret]", run.Step("call").GetProperty("output").GetProperty("body").Text("you_sent"));
        foreach (var seen in (string[])[run.GetRawText(), (await owner.Get($"/runs/{run.Text("id")}/journal").Success()).GetRawText(), (await owner.Get("/audit-events").Success()).GetRawText()])
            Assert.DoesNotContain(Secret, seen, StringComparison.Ordinal);

        foreach (var wrong in (string[])["X-Api-Key: \"{{ trigger.body }}\"", "X-Api-Key: plain", "X-Api-Key: 1"])
            Assert.Equal(["type"], await Faults(owner, Calls(wrong)));
        foreach (var reserved in (string[])["Host: \"secret:erp\"", "Idempotency-Key: \"secret:erp\""])
            Assert.Equal("http.reserved_header", (await owner.RunOnce(Calls(reserved))).GetProperty("error").Text("code"));
        Assert.Single(path.Requests);
    }

    [Fact]
    public async Task F808_A_workflow_keeps_a_secret_that_no_one_reads()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Chain("\"{{ steps.keep }}\"", ("keep", "action: set, scope: organization, key: \"secret:token\", value: \"{{ trigger.body }}\", allowed_hosts: [a.example.test]")), "kept-and-not-shown");
        Assert.Equal(["version"], run.GetProperty("output").EnumerateObject().Select(m => m.Name));
        var entry = await owner.Get("/kv/organization/secret:token").Success();
        Assert.Equal(("a.example.test", JsonValueKind.Null), (entry.GetProperty("allowed_hosts")[0].GetString(), entry.GetProperty("value").ValueKind));
    }
}
