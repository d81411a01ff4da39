using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

public sealed class NodeTests
{
    private static string Workflow(string nodes, string edges = "[]", string output = "null") =>
        $"format: 1\nname: W\ntrigger: {{ type: api }}\nnodes:\n{nodes}\nedges: {edges}\noutput: {output}\n";

    [Theory]
    [InlineData(5, "true", "big", "small")]
    [InlineData(1, "false", "small", "big")]
    public async Task A_condition_takes_one_branch_skips_the_other_and_the_merge_runs_once(int n, string port, string taken, string skipped)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow(
            """
              - { id: large, type: condition, settings: { when: "{{ trigger.body.n > 3 }}" } }
              - { id: big, type: transform, settings: { output: "big" } }
              - { id: small, type: transform, settings: { output: "small" } }
              - { id: merged, type: transform, settings: { output: "{{ has(steps.big) ? steps.big : steps.small }}" } }
            """,
            """[{ from: large, port: "true", to: big }, { from: large, port: "false", to: small }, { from: big, to: merged }, { from: small, to: merged }]""",
            "\"{{ steps.merged }}\""), new { n });
        Assert.Equal(("succeeded", taken), (run.Text("status"), run.Text("output")));
        Assert.Equal(port, run.Step("large").Text("port"));
        Assert.Equal("skipped", run.Step(skipped).Text("status"));
        Assert.Equal(1, run.Step("merged").GetProperty("attempts").GetInt32());
        Assert.Equal([true, true], run.GetProperty("edges").EnumerateArray().Where(e => e.GetProperty("taken").GetBoolean()).Select(_ => true));
    }

    [Fact]
    public async Task A_filter_that_is_false_ends_its_branch_without_a_failure()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow(
            """
              - { id: a, type: transform, when: "{{ trigger.body.go }}", settings: { output: 1 } }
              - { id: b, type: transform, settings: { output: "{{ steps.a }}" } }
            """, "[{ from: a, to: b }]"), new { go = false });
        Assert.Equal(("succeeded", "filtered", "skipped"), (run.Text("status"), run.Step("a").Text("status"), run.Step("b").Text("status")));

        var wrong = await owner.RunOnce(Workflow("""  - { id: a, type: transform, when: "{{ 1 + 1 }}", settings: { output: 1 } }""").Replace("name: W", "name: Wrong", StringComparison.Ordinal));
        Assert.Equal(("failed", "expression.not_a_bool"), (wrong.Text("status"), wrong.GetProperty("error").Text("code")));
    }

    [Fact]
    public async Task A_failure_ends_the_run_unless_its_node_says_otherwise()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        async Task<JsonElement> With(string onError, string edge) => await owner.RunOnce(Workflow(
            $$$"""
              - { id: broken, type: transform, on_error: {{{onError}}}, settings: { output: "{{ trigger.body.missing }}" } }
              - { id: after, type: transform, settings: { output: "{{ steps.broken }}" } }
            """, edge).Replace("name: W", $"name: {onError}", StringComparison.Ordinal), new { });

        var failed = await With("fail", "[{ from: broken, to: after }]");
        Assert.Equal(("failed", "broken", "skipped"), (failed.Text("status"), failed.GetProperty("error").Text("node"), failed.Step("after").Text("status")));
        var continued = await With("continue", "[{ from: broken, to: after }]");
        Assert.Equal(("succeeded", "failed", JsonValueKind.Null), (continued.Text("status"), continued.Step("broken").Text("status"), continued.Step("after").GetProperty("output").ValueKind));
        var byPort = await With("error", "[{ from: broken, port: error, to: after }]");
        Assert.Equal("succeeded", byPort.Text("status"));
        Assert.Equal(failed.GetProperty("error").Text("code"), byPort.Step("after").GetProperty("output").Text("code"));
    }

    [Fact]
    public async Task A_fail_node_says_why()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow("""  - { id: stop, type: fail, settings: { message: "Cannot pay {{ trigger.body.n }}." } }"""), new { n = 7 });
        Assert.Equal(("failed", "node.failed", "Cannot pay 7."), (run.Text("status"), run.GetProperty("error").Text("code"), run.GetProperty("error").Text("message")));
    }

    [Fact]
    public async Task A_delay_waits_as_long_as_it_says()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow("""
              - { id: first, type: delay, settings: { for: 300ms } }
              - { id: second, type: delay, settings: { until: "{{ run.started_at + duration('700ms') }}" } }
            """, "[{ from: first, to: second }]"));
        Assert.Equal("succeeded", run.Text("status"));
        static double Milliseconds(JsonElement step) => (step.GetProperty("finished_at").GetDateTimeOffset() - step.GetProperty("started_at").GetDateTimeOffset()).TotalMilliseconds;
        Assert.True(Milliseconds(run.Step("first")) >= 300);
        Assert.True((run.GetProperty("finished_at").GetDateTimeOffset() - run.GetProperty("started_at").GetDateTimeOffset()).TotalMilliseconds >= 699);
        var wrong = await owner.RunOnce(Workflow("""  - { id: a, type: delay, settings: { for: "{{ trigger.body }}" } }""").Replace("name: W", "name: Wrong", StringComparison.Ordinal), "366d");
        Assert.Equal(("failed", "delay.when"), (wrong.Text("status"), wrong.GetProperty("error").Text("code")));
    }

    [Theory]
    [InlineData("{{ '\\x00' }}", "run.value_not_storable")]
    [InlineData("{{ [[[[[[[[[[[[[[[[[trigger.body]]]]]]]]]]]]]]]]] }}", "run.value_too_deep")]
    public async Task Abuse03_A_value_that_could_not_be_read_back_fails_its_step(string expression, string code)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        JsonElement deep = JsonDocument.Parse(new string('[', 45) + new string(']', 45)).RootElement;
        foreach (var node in (string[])["type: transform, settings: { output: \"E\" }", "type: review, settings: { title: T, content: \"E\" }", "type: emit, settings: { event: a.b, data: \"E\" }", "type: respond, settings: { body: \"E\" }"])
        {
            var run = await owner.RunOnce(
                Workflow($"  - {{ id: a, {node.Replace("E", expression.Replace("\\", "\\\\", StringComparison.Ordinal), StringComparison.Ordinal)} }}").Replace("name: W", $"name: W{Guid.NewGuid():N}", StringComparison.Ordinal), deep);
            Assert.Equal(("failed", code), (run.Text("status"), run.GetProperty("error").Text("code")));
        }
    }

    [Fact]
    public async Task Abuse14_What_a_node_calls_sensitive_is_shown_as_a_marker()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow(
            """  - { id: a, type: transform, sensitive: [/card/number, /list/0, "/a~1b", /absent/x], settings: { output: { card: { number: "4111", holder: "H" }, list: ["first", "second"], "a/b": "slashed" } } }"""));
        var output = run.Step("a").GetProperty("output");
        Assert.Equal("""{"card":{"number":"[sensitive]","holder":"H"},"list":["[sensitive]","second"],"a/b":"[sensitive]"}""", output.GetRawText());
    }

    [Fact]
    public async Task A_waiting_run_is_cancelled_and_its_review_with_it()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.StartRun(await owner.Publish(Workflow("""  - { id: ask, type: review, settings: { title: T, content: 1 } }""")));
        var review = (await owner.RunIn(run, "waiting")).Step("ask").Text("review_id");
        await owner.Post($"/runs/{run}/cancel", null).Success();
        var cancelled = await owner.FinishedRun(run);
        Assert.Equal(("cancelled", "run.cancelled", "cancelled"), (cancelled.Text("status"), cancelled.GetProperty("error").Text("code"), cancelled.Step("ask").Text("status")));
        Assert.Equal("cancelled", (await owner.Get($"/reviews/{review}").Success()).Text("state"));
        await owner.Post($"/runs/{run}/cancel", null).Refuses(409, "run.finished");
    }

    [Fact]
    public async Task A_running_run_is_cancelled_while_its_call_is_under_way()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var release = new TaskCompletionSource();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200) { Until = release.Task });
        var connector = await owner.Connect(path);
        var run = await owner.StartRun(await owner.Publish(Workflow($$"""
              - { id: call, type: http, settings: { connector: {{connector}}, endpoint: call } }
              - { id: after, type: transform, settings: { output: 1 } }
            """, "[{ from: call, to: after }]")));
        await Condition.Holds(() => Task.FromResult(path.Requests.Count == 1), "the call is under way");
        await owner.Post($"/runs/{run}/cancel", null).Success();
        var cancelled = await owner.FinishedRun(run);
        release.SetResult();
        Assert.Equal(("cancelled", "cancelled", "cancelled"), (cancelled.Text("status"), cancelled.Step("call").Text("status"), cancelled.Step("after").Text("status")));
    }
}
