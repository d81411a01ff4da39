using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>F816: a loop over a list, with a body in the document or a workflow.</summary>
public sealed class LoopTests
{
    private static string Loop(string settings, string more = "", string items = "{{ trigger.body }}", string rest = "output: \"{{ steps.each }}\"") => $$"""
        format: 1
        name: Loop {{Guid.NewGuid():N}}
        trigger: { type: api }
        vars: { tax: 2 }
        nodes:
          - { id: before, type: transform, settings: { output: 10 } }
          - { id: each, type: foreach{{more}}, settings: { items: "{{items}}", {{settings}} } }
        edges: [{ from: before, to: each }]
        {{rest}}
        """;

    private const string Adds = """body: { nodes: [{ id: add, type: transform, settings: { output: "{{ item + index + steps.before + vars.tax }}" } }, { id: text, type: transform, settings: { output: "{{ string(steps.add) }}" } }], edges: [{ from: add, to: text }], output: { sum: "{{ steps.add }}", text: "{{ steps.text }}" } }""";

    [Fact]
    public async Task F816_A_loop_gives_the_results_in_the_order_of_its_items_and_shows_their_steps()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Loop(Adds), new[] { 1, 2, 3 });
        Assert.Equal("""[{"sum":13,"text":"13"},{"sum":15,"text":"15"},{"sum":17,"text":"17"}]""", Canonical(run.GetProperty("output")));
        Assert.Equal(3, run.Step("each").GetProperty("items").GetInt32());
        Assert.Equal((2, 15), (run.Step("each[2].add").GetProperty("item").GetInt32(), run.Step("each[1].add").GetProperty("output").GetInt32()));
        Assert.Equal(JsonValueKind.Null, run.Step("before").GetProperty("item").ValueKind);
        Assert.Equal("[]", (await owner.RunOnce(Loop(Adds), Array.Empty<int>())).GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task F816_Items_are_under_way_at_once_up_to_the_concurrency_each_with_its_own_idempotency_key()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var go = new TaskCompletionSource();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200) { Until = go.Task });
        var connector = await owner.Connect(path);
        var run = await owner.StartRun(await owner.Publish(Loop($$$"""concurrency: 3, body: { nodes: [{ id: post, type: http, settings: { connector: {{{connector}}}, endpoint: call, body: "{{ item }}" } }], output: "{{ steps.post.status }}" }""")), Enumerable.Range(0, 7));
        await Condition.Holds(() => Task.FromResult(path.Requests.Count == 3), "three are called");
        await Task.Delay(300);
        Assert.Equal(3, path.Requests.Count);
        go.SetResult();
        Assert.Equal("[200,200,200,200,200,200,200]", (await owner.FinishedRun(run)).GetProperty("output").GetRawText());
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{run}.each[{i}].post"), path.Requests.OrderBy(r => r.Text, StringComparer.Ordinal).Select(r => r.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task F816_The_first_failed_item_fails_the_loop_and_breaks_off_the_others_or_is_a_result()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        const string Divides = """body: { nodes: [{ id: divide, type: transform, settings: { output: "{{ 6 / item }}" } }], output: "{{ steps.divide }}" }""";
        var failed = await owner.RunOnce(Loop(Divides), new[] { 1, 0, 2 });
        Assert.Equal(("failed", "each[1].divide"), (failed.Text("status"), failed.GetProperty("error").Text("node")));
        Assert.Equal(2, failed.GetProperty("steps").EnumerateArray().Count(s => s.Text("node")!.StartsWith("each[", StringComparison.Ordinal)));

        var output = (await owner.RunOnce(Loop(Divides + ", on_item_error: continue"), new[] { 1, 0, 2 })).GetProperty("output");
        Assert.Equal((6, 3), (output[0].GetInt32(), output[2].GetInt32()));
        Assert.Equal(failed.GetProperty("error").Text("code"), output[1].GetProperty("error").Text("code"));

        // A review of another item closes with the loop, and its port error goes on.
        var run = await owner.RunOnce(Loop(
            """concurrency: 2, body: { nodes: [{ id: ask, type: review, when: "{{ item == 1 }}", settings: { title: Pay, content: 1 } }, { id: bad, type: fail, when: "{{ item == 2 }}", settings: { message: bad } }] }""",
            ", on_error: continue", rest: ""), new[] { 1, 2 });
        Assert.Equal(("succeeded", "failed", "cancelled"), (run.Text("status"), run.Step("each").Text("status"), run.Step("each[0].ask").Text("status")));
        Assert.Equal(0, (await owner.Get("/reviews?state=pending").Success()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task F816_A_loop_that_fails_closes_the_connections_of_its_other_items()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200) { Until = new TaskCompletionSource().Task });
        var connector = await owner.Connect(path);
        var run = await owner.RunOnce(Loop(
            $$$"""concurrency: 2, body: { nodes: [{ id: post, type: http, when: "{{ item == 1 }}", settings: { connector: {{{connector}}}, endpoint: call } }, { id: late, type: delay, when: "{{ item == 2 }}", settings: { for: 500ms } }, { id: bad, type: fail, settings: { message: bad } }], edges: [{ from: late, to: bad }] }""",
            ", on_error: continue", rest: ""), new[] { 1, 2 });
        Assert.Equal(("succeeded", "cancelled"), (run.Text("status"), run.Step("each[0].post").Text("status")));
        await Condition.Holds(() => Task.FromResult(path.Closed == 1), "the connection is closed");
    }

    [Fact]
    public async Task F816_A_workflow_is_called_for_each_item_and_what_waits_within_goes_on()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish("""
            format: 1
            name: Doubles
            trigger: { type: workflow }
            nodes:
              - { id: go, type: wait, settings: { signal: go }, when: "{{ trigger.input.n == 2 }}" }
              - { id: double, type: transform, settings: { output: "{{ trigger.input.n * 2 }}" } }
            output: "{{ steps.double }}"
            """);
        var run = await owner.StartRun(await owner.Publish(Loop("""workflow: Doubles, input: { n: "{{ item }}" }, concurrency: 5""")), new[] { 1, 2, 3 });
        var waiting = await owner.RunIn(run, "waiting");
        var child = waiting.Step("each[1].call").Text("child_run_id")!;
        await owner.RunIn(child, "waiting");
        await owner.Post($"/runs/{child}/signals", new { name = "go" }).Success();
        Assert.Equal("[2,4,6]", (await owner.FinishedRun(run)).GetProperty("output").GetRawText());
        Assert.Equal(3, (await owner.Get($"/runs?parent_run_id={run}").Success()).GetProperty("items").GetArrayLength());
        Assert.Equal("each[1].call", (await owner.FinishedRun(child)).GetProperty("parent").Text("node"));
    }

    [Fact]
    public async Task F816_Loops_stand_within_loops()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Loop("""concurrency: 2, body: { nodes: [{ id: inner, type: foreach, settings: { items: "{{ item }}", body: { nodes: [{ id: add, type: transform, settings: { output: "{{ item + index + steps.before }}" } }], output: "{{ steps.add }}" } } }], output: "{{ [index, steps.inner] }}" }"""), new[] { [1, 2], Array.Empty<int>(), [5] });
        Assert.Equal("[[0,[11,13]],[1,[]],[2,[15]]]", run.GetProperty("output").GetRawText());
        Assert.Equal(13, run.Step("each[0].inner[1].add").GetProperty("output").GetInt32());
    }

    [Fact]
    public async Task F816_The_faults_of_a_body_are_named_by_their_place()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var document = Loop("""body: { nodes: [{ id: before, type: transform, settings: { output: 1 } }, { id: a, type: transform, settings: { output: "{{ steps.other + steps.late + steps.each }}" } }, { id: b, type: http, settings: { connector: none, endpoint: e } }], edges: [{ from: a, to: nowhere }], output: "{{ itm }}", more: 1 }""",
            rest: "output: \"{{ item }}\"").Replace("\nedges:", "\n  - { id: late, type: transform, settings: { output: 1 } }\nedges:", StringComparison.Ordinal);
        const string Body = "/nodes/1/settings/body";
        Assert.Equal(
            [($"{Body}/edges/0/to", "edge.unknown_node"), ($"{Body}/more", "unknown"), ($"{Body}/nodes/0/id", "node.duplicate_id"), ($"{Body}/nodes/1/settings", "expression.later_step"), ($"{Body}/nodes/1/settings", "expression.later_step"), ($"{Body}/nodes/1/settings", "expression.unknown_step"), ($"{Body}/output", "expression.unknown_name"), ("/output", "expression.unknown_name")],
            await Faults(owner, document));
        Assert.Equal([($"{Body}/nodes/0/settings/connector", "connector.not_found")], await Faults(owner, Loop("body: { nodes: [{ id: b, type: http, settings: { connector: none, endpoint: e } }] }")));
        Assert.Equal([("/nodes/1/settings", "foreach.body")], await Faults(owner, Loop("concurrency: 1")));
        Assert.Equal([("/nodes/1/settings", "foreach.body")], await Faults(owner, Loop(Adds + ", workflow: W")));
        Assert.Equal([("/nodes/1/settings/workflow", "workflow.not_found")], await Faults(owner, Loop("workflow: W")));
        Assert.Equal([("/nodes/1/retry", "foreach.member"), ("/nodes/1/settings/concurrency", "range")], await Faults(owner, Loop(Adds + ", concurrency: 51", ", retry: { attempts: 2 }")));
        var deep = Enumerable.Range(0, 4).Aggregate("body: { nodes: [{ id: x, type: merge }] }", (inner, i) => $$"""body: { nodes: [{ id: l{{i}}, type: foreach, settings: { items: [], {{inner}} } }] }""");
        Assert.Equal("foreach.too_deep", Assert.Single(await Faults(owner, Loop(deep))).Code);
    }

    [Fact]
    public async Task Abuse18_A_loop_is_bounded_in_items_and_steps_and_a_long_one_can_be_cancelled()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        const string Small = """body: { nodes: [{ id: a, type: transform, settings: { output: 1 } }] }""";
        Assert.Equal("foreach.too_many_items", (await owner.RunOnce(Loop(Small), Enumerable.Range(0, 10_001))).GetProperty("error").Text("code"));
        Assert.Equal("list.not_a_list", (await owner.RunOnce(Loop(Small), 7)).GetProperty("error").Text("code"));
        Assert.Equal("foreach.too_many_items", (await owner.RunOnce(Loop("""body: { nodes: [{ id: a, type: merge }, { id: b, type: merge }, { id: c, type: merge }] }"""), Enumerable.Range(0, 7_000))).GetProperty("error").Text("code"));
        var longest = await owner.RunOnce(Loop(Small, rest: ""), Enumerable.Range(0, 9_000));
        Assert.Equal(("succeeded", 4000), (longest.Text("status"), longest.GetProperty("steps_left_out").GetInt32()));

        var slow = await owner.StartRun(await owner.Publish(Loop("""body: { nodes: [{ id: a, type: delay, settings: { for: 20ms } }] }""")), Enumerable.Range(0, 9_000));
        await owner.Post($"/runs/{slow}/cancel", null).Success();
        Assert.Equal("cancelled", (await owner.FinishedRun(slow)).Text("status"));
    }

    private static async Task<(string Pointer, string Code)[]> Faults(TestMember owner, string document) =>
        [.. (await owner.Post("/workflows/validate", new { document, format = "yaml" }).Success()).GetProperty("errors").EnumerateArray().Select(e => (e.Text("pointer")!, e.Text("code")!)).Order()];

    private static string Canonical(JsonElement json) => json.GetRawText().Replace(" ", "", StringComparison.Ordinal);
}
