using System.Text.Json;
using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

/// <summary>F817: a run is recorded, kept as a test, and replayed offline with other versions.</summary>
public sealed class WorkflowTestTests
{
    private static string Paying(string connector, string amount = "trigger.body.net * 2", string more = "") => $$$"""
        format: 1
        name: Paying
        trigger: { type: api }
        nodes:
          - { id: total, type: transform, {{{more}}}settings: { output: { amount: "{{ {{{amount}}} }}", card: "{{ trigger.body.card }}" } } }
          - { id: ask, type: review, settings: { title: "Pay {{ steps.total.amount }}?", content: "{{ steps.total }}" } }
          - { id: pay, type: http, retry: { attempts: 3, initial: 10ms }, settings: { connector: {{{connector}}}, endpoint: call, body: { of: "{{ steps.total }}", at: "{{ now }}" } } }
          - { id: told, type: emit, settings: { event: paid, data: "{{ steps.pay.body }}" } }
        edges: [{ from: total, to: ask }, { from: ask, port: approved, to: pay }, { from: pay, to: told }]
        output: { id: "{{ steps.pay.body.id }}" }
        """;

    private sealed record Scene(TestInstallation Installation, TestMember Owner, StubPath Path, string Connector, string Workflow, string Run)
    {
        public string Tests => $"/workflows/{Workflow}/tests";

        public Task<HttpResponseMessage> Record(string name, string? run = null) => Owner.Put($"{Tests}/{name}", new { run_id = run ?? Run });

        public async Task<JsonElement> Test(object request) => await Owner.Post($"/workflows/{Workflow}/test", request).Success();

        public Task<JsonElement> TestDocument(string document) => Test(new { document = new { document, format = "yaml" } });
    }

    /// <summary>A run that was approved, whose call failed once and was then answered.</summary>
    private static async Task<Scene> Paid(string more = "", object? input = null)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(503), new StubAnswer(200, """{"id":"p-1"}"""));
        var connector = await owner.Connect(path);
        var workflow = await owner.Publish(Paying(connector, more: more));
        var run = await owner.StartRun(workflow, input ?? new { net = 7, card = "4111-2222" });
        var review = await owner.Get($"/reviews/{(await owner.RunIn(run, "waiting")).Step("ask").Text("review_id")}").Success();
        await owner.Post($"/reviews/{review.Text("id")}/decisions", new { decision = "approve", content_sha256 = review.Text("content_sha256") }).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
        return new Scene(installation, owner, path, connector, workflow, run);
    }

    [Fact]
    public async Task F817_A_recorded_run_is_replayed_without_a_call_and_differences_are_shown_where_they_begin()
    {
        var scene = await Paid();
        var recorded = await scene.Record("first order").Success();
        Assert.Equal((2, 1), (recorded.GetProperty("calls").GetInt32(), recorded.GetProperty("version").GetInt32()));

        var same = await scene.Test(new { });
        Assert.Equal((1, 0, 1), (same.GetProperty("passed").GetInt32(), same.GetProperty("failed").GetInt32(), same.GetProperty("version").GetInt32()));

        var other = await scene.TestDocument(Paying(scene.Connector, "trigger.body.net * 3"));
        Assert.Equal((0, 1, JsonValueKind.Null), (other.GetProperty("passed").GetInt32(), other.GetProperty("failed").GetInt32(), other.GetProperty("version").ValueKind));
        var result = other.GetProperty("tests")[0];
        Assert.Equal("total", result.GetProperty("changed_steps")[0].GetString());
        var differences = result.GetProperty("differences").EnumerateArray().Select(d => $"{d.Text("change")} {d.Text("kind")} {d.Text("step")} {d.GetProperty("attempt")} {d.Text("pointer")} {d.GetProperty("expected")} {d.GetProperty("actual")}");
        Assert.Equal(
            [
                "changed review ask 1 /title Pay 14? Pay 21?", "changed review ask 1 /content/amount 14 21",
                "changed call pay 1 /settings/body/of/amount 14 21", "changed call pay 2 /settings/body/of/amount 14 21",
            ],
            differences);
        Assert.Equal(2, scene.Path.Requests.Count);

        // The draft is what is tested if there is one.
        var draft = await scene.Owner.Post($"/workflows/{scene.Workflow}/draft", null).Success();
        await scene.Owner.Put($"/workflows/{scene.Workflow}/draft", new { document = Paying(scene.Connector, "trigger.body.net * 3"), format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
        Assert.Equal(1, (await scene.Test(new { })).GetProperty("failed").GetInt32());
        Assert.Equal(1, (await scene.Test(new { version = 1 })).GetProperty("passed").GetInt32());
    }

    [Fact]
    public async Task F817_A_test_shows_what_was_recorded_is_replaced_and_deleted_and_each_is_audited()
    {
        var scene = await Paid();
        await scene.Record("order").Success();
        var shown = await scene.Owner.Get($"{scene.Tests}/order").Success();
        var entries = shown.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["review", "call", "call", "event", "end"], entries.Select(e => e.Text("kind")));
        Assert.Equal("approved", entries[0].GetProperty("answer").Text("decision"));
        Assert.Equal("http.status", entries[1].GetProperty("error").Text("code"));
        Assert.Equal("p-1", entries[2].GetProperty("answer").GetProperty("body").Text("id"));

        // It outlives its run.
        var next = await scene.Owner.StartRun(scene.Workflow, new { net = 1, card = "x" });
        await scene.Owner.Post($"/runs/{next}/cancel", null);
        await scene.Owner.FinishedRun(next);
        Assert.Equal(1, await scene.Installation.Change("delete from runs where id = $1", Guid.Parse(scene.Run)));
        Assert.Equal(1, (await scene.Test(new { tests = new[] { "order" } })).GetProperty("passed").GetInt32());

        Assert.Equal(next, (await scene.Record("order", next).Success()).Text("run_id"));
        Assert.Equal(next, Assert.Single((await scene.Owner.Get(scene.Tests).Success()).GetProperty("items").EnumerateArray()).Text("run_id"));
        Assert.Equal(1, (await scene.Test(new { })).GetProperty("passed").GetInt32());
        Assert.Equal(204, (int)(await scene.Owner.Delete($"{scene.Tests}/order")).StatusCode);
        await scene.Owner.Delete($"{scene.Tests}/order").Refuses(404, "workflow_test.not_found");
        await scene.Owner.Get($"{scene.Tests}/order").Refuses(404, "workflow_test.not_found");
        await scene.Owner.Post($"/workflows/{scene.Workflow}/test", new { }).Refuses(422, "workflow_test.none");

        var recorded = await scene.Installation.Audited(scene.Owner.Organization, "workflow_test.recorded");
        Assert.Equal(["update", "create"], recorded.Select(e => e.Text("action")));
        Assert.Equal((scene.Run, next), (recorded[0].GetProperty("before").Text("run_id"), recorded[0].GetProperty("after").Text("run_id")));
        var tested = (await scene.Installation.Audited(scene.Owner.Organization, "workflow.tested"))[0].GetProperty("details");
        Assert.Equal((1, 0, 1), (tested.GetProperty("passed").GetInt32(), tested.GetProperty("failed").GetInt32(), tested.GetProperty("version").GetInt32()));
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "workflow_test.read"));
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "workflow_test.deleted"));
    }

    [Fact]
    public async Task F817_What_is_no_recording_is_refused()
    {
        var scene = await Paid();
        await scene.Record("%2Fetc").Refuses(400, "workflow_test.name");
        await scene.Record("x", Guid.NewGuid().ToString()).Refuses(404, "run.not_found");
        var other = await scene.Owner.RunOnce("{ format: 1, name: Other, trigger: { type: api }, nodes: [{ id: a, type: transform, settings: { output: 1 } }] }");
        await scene.Record("x", other.Text("id")).Refuses(422, "workflow_test.other_workflow");
        var waiting = await scene.Owner.StartRun(scene.Workflow, new { net = 1, card = "" });
        await scene.Owner.RunIn(waiting, "waiting");
        await scene.Record("x", waiting).Refuses(409, "workflow_test.run_not_finished");
        await scene.Owner.Post($"/runs/{waiting}/cancel", null);
        var large = await scene.Owner.StartRun(scene.Workflow, new { net = 1, card = new string('c', 600_000) });
        await scene.Owner.RunIn(large, "waiting");
        await scene.Owner.Post($"/runs/{large}/cancel", null);
        await scene.Owner.FinishedRun(large);
        await scene.Record("x", large).Refuses(413, "workflow_test.too_large");

        await scene.Record("one").Success();
        await scene.Installation.Change("insert into workflow_tests select organization_id, workflow_id, 'more' || n, id, run_id, workflow_version, calls, format, events, hidden, recorded_by, recorded_at from workflow_tests, generate_series(2, 100) n where workflow_id = $1", Guid.Parse(scene.Workflow));
        await scene.Record("x").Refuses(422, "workflow_test.too_many");
        await scene.Record("one").Success();

        await scene.Owner.Post($"/workflows/{scene.Workflow}/test", new { tests = new[] { "one", "absent" } }).Refuses(404, "workflow_test.not_found");
        await scene.Owner.Post($"/workflows/{scene.Workflow}/test", new { version = 7 }).Refuses(404, "workflow_version.not_found");
        await scene.Owner.Post($"/workflows/{scene.Workflow}/test", new { version = 1, document = new { document = "", format = "yaml" } }).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task F817_Of_a_large_value_a_difference_shows_the_size()
    {
        const string telling = "{ format: 1, name: Tells, trigger: { type: api }, nodes: [{ id: tell, type: emit, settings: { event: a, data: \"{{ trigger.body + '!' }}\" } }] }";
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(telling, new string('x', 6000));
        await owner.Put($"/workflows/{run.Text("workflow_id")}/tests/large", new { run_id = run.Text("id") }).Success();
        var tested = await owner.Post($"/workflows/{run.Text("workflow_id")}/test", new { document = new { document = telling.Replace("'!'", "'?!'", StringComparison.Ordinal), format = "yaml" } }).Success();
        var difference = Assert.Single(tested.GetProperty("tests")[0].GetProperty("differences").EnumerateArray());
        Assert.Equal(("[6003 bytes]", "[6004 bytes]"), (difference.Text("expected"), difference.Text("actual")));
    }

    [Fact]
    public async Task Abuse14_A_test_hides_what_its_run_hid_wherever_it_shows_it()
    {
        var scene = await Paid("sensitive: [/card], ");
        await scene.Record("order").Success();
        Assert.DoesNotContain("4111-2222", (await scene.Owner.Get($"{scene.Tests}/order").Success()).GetRawText(), StringComparison.Ordinal);

        // Whoever edits the workflow does not unmark it: not as a value, nor as a name that stands in a pointer.
        var other = Paying(scene.Connector).Replace("content: \"{{ steps.total }}\"", "content: \"{{ {trigger.body.card: 'no. ' + trigger.body.card} }}\"", StringComparison.Ordinal);
        var tested = await scene.TestDocument(other);
        Assert.Equal(1, tested.GetProperty("failed").GetInt32());
        Assert.DoesNotContain("4111-2222", tested.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("no. [sensitive]", tested.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("/content/[sensitive]", tested.GetRawText(), StringComparison.Ordinal);
        foreach (var audited in await scene.Installation.Audited(scene.Owner.Organization, "workflow.tested"))
            Assert.DoesNotContain("4111", audited.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("0", await scene.Installation.TextOf("select count(*) from workflow_tests where workflow_id = $1 and (position('4111'::bytea in events) > 0 or position('4111'::bytea in hidden) > 0)", Guid.Parse(scene.Workflow)));
    }

    [Fact]
    public async Task F817_Who_reads_runs_tests_published_versions_and_who_writes_workflows_anything()
    {
        var scene = await Paid();
        await scene.Record("order").Success();
        var reader = scene.Installation.KeyClient(await scene.Owner.NewKey(["runs:read", "workflows:read"]));
        var path = $"/v1/workflows/{scene.Workflow}";
        Assert.Equal(1, (await reader.Send(HttpMethod.Post, $"{path}/test", new { version = 1 }).Success()).GetProperty("passed").GetInt32());
        Assert.Equal(1, (await reader.Send(HttpMethod.Post, $"{path}/test", new { }).Success()).GetProperty("passed").GetInt32());
        await reader.Send(HttpMethod.Post, $"{path}/test", new { document = new { document = Paying(scene.Connector), format = "yaml" } }).Refuses(403, "permission.missing");
        await scene.Owner.Post($"/workflows/{scene.Workflow}/draft", null).Success();
        await reader.Send(HttpMethod.Post, $"{path}/test", new { }).Refuses(403, "permission.missing");
        Assert.Equal(403, (int)(await reader.Send(HttpMethod.Put, $"{path}/tests/order", new { run_id = scene.Run })).StatusCode);
        Assert.Equal(403, (int)(await reader.Send(HttpMethod.Delete, $"{path}/tests/order", null)).StatusCode);
        var writer = scene.Installation.KeyClient(await scene.Owner.NewKey(["workflows:write"]));
        Assert.Equal(403, (int)(await writer.Send(HttpMethod.Post, $"{path}/test", new { })).StatusCode);
        Assert.Equal(403, (int)(await writer.Send(HttpMethod.Get, $"{path}/tests/order", null)).StatusCode);
    }

    [Fact]
    public async Task F817_The_command_line_records_and_tests_and_exits_non_zero_on_a_difference()
    {
        var scene = await Paid();
        using var shell = await CommandLine.LoggedIn(scene.Installation, scene.Owner);
        Assert.Equal("recorded order with 2 calls", (await shell.Run(null, "workflows", "tests", "record", scene.Run, "order")).Out.Trim());
        Assert.Contains("order", (await shell.Run(null, "workflows", "tests", "list", "Paying")).Out, StringComparison.Ordinal);
        Assert.Equal((0, "ok    order\n1 passed, 0 failed\n", ""), await shell.Run(null, "workflows", "test", "Paying"));
        var file = shell.Write("paying.yaml", Paying(scene.Connector, "trigger.body.net * 3"));
        var (exit, text, _) = await shell.Run(null, "workflows", "test", file);
        Assert.Equal(1, exit);
        Assert.StartsWith("FAIL  order\n      - review ask #1 /title: \"Pay 14?\"\n      + review ask #1 /title: \"Pay 21?\"\n", text, StringComparison.Ordinal);
        Assert.EndsWith("steps that give something else: total\n0 passed, 1 failed\n", text, StringComparison.Ordinal);
        Assert.Equal((0, ""), ((await shell.Run(null, "workflows", "tests", "delete", "Paying", "order")) is var (deleted, _, error) ? (deleted, error) : default));
        var none = await shell.Run(null, "workflows", "test", "Paying");
        Assert.NotEqual(0, none.Exit);
        Assert.Contains("workflow_test.none", none.Error, StringComparison.Ordinal);
    }
}
