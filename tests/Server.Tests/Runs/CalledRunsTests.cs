using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>F816: workflows that call each other, sync and async.</summary>
public sealed class CalledRunsTests
{
    private static string Called(string name, string nodes = """{ id: a, type: transform, settings: { output: "{{ trigger.input.n + 1 }}" } }""", string output = "{{ steps.a }}") => $$"""
        format: 1
        name: {{name}}
        trigger: { type: workflow }
        nodes:
          - {{nodes}}
        output: "{{output}}"
        """;

    private static string Caller(string called, string more = "", string settings = "", string rest = "") => $$$"""
        format: 1
        name: Calls {{{called}}}
        trigger: { type: api }
        nodes:
          - { id: call, type: workflow, settings: { workflow: "{{{called}}}", input: { n: "{{ trigger.body.n }}" }{{{settings}}} }{{{more}}} }
        {{{rest}}}
        output: "{{ steps.call }}"
        """;

    [Fact]
    public async Task F816_A_step_gives_what_the_called_run_gave_and_both_show_each_other()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Publish(Called("Adds one"));
        var run = await owner.RunOnce(Caller("adds ONE "), new { n = 4 });
        Assert.Equal("succeeded", run.Text("status"));
        var child = run.Step("call").Text("child_run_id");
        Assert.Equal((child, 5), (run.GetProperty("output").Text("run_id"), run.GetProperty("output").GetProperty("output").GetInt32()));

        var called = await owner.FinishedRun(child!);
        Assert.Equal((run.Text("id"), "call", 1), (called.GetProperty("parent").Text("run_id"), called.GetProperty("parent").Text("node"), called.GetProperty("parent").GetProperty("depth").GetInt32()));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("parent").ValueKind);
        var caller = called.GetProperty("trigger").GetProperty("caller");
        Assert.Equal((run.Text("id"), "Calls adds ONE", "call"), (caller.Text("run_id"), caller.Text("workflow"), caller.Text("node")));
        var listed = Assert.Single((await owner.Get($"/runs?parent_run_id={run.Text("id")}").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal((child, run.Text("id"), "call"), (listed.Text("id"), listed.Text("parent_run_id"), listed.Text("parent_node")));
        Assert.Contains(await installation.Audited(owner.Organization, "run.finished"), e => e.GetProperty("details").TryGetProperty("parent_run_id", out var parent) && parent.GetString() == run.Text("id"));
    }

    [Fact]
    public async Task F816_An_async_call_goes_on_at_once_and_the_called_run_outlives_its_caller()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Called("Waits", "{ id: a, type: wait, settings: { signal: go } }"));
        var run = await owner.RunOnce(Caller("Waits", settings: ", mode: async"), new { n = 1 });
        var child = run.GetProperty("output").Text("run_id")!;
        Assert.Equal(("succeeded", child), (run.Text("status"), run.Step("call").Text("child_run_id")));
        await owner.RunIn(child, "waiting");
        await owner.Post($"/runs/{child}/signals", new { name = "go" }).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(child)).Text("status"));
    }

    [Fact]
    public async Task F816_A_failed_call_fails_its_step_with_the_called_runs_error_and_each_retry_is_a_new_run()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Called("Fails", """{ id: a, type: fail, settings: { message: "no {{ trigger.input.n }}" } }""", "x"));
        var run = await owner.RunOnce(Caller("Fails", ", retry: { attempts: 3, initial: 10ms }, on_error: error", rest: """
              - { id: handle, type: transform, settings: { output: "{{ steps.call }}" } }
            edges: [{ from: call, port: error, to: handle }]
            """), new { n = 7 });
        Assert.Equal("succeeded", run.Text("status"));
        Assert.Equal(("node.failed", "no 7"), (run.GetProperty("output").Text("code"), run.GetProperty("output").Text("message")));
        Assert.Equal(3, run.Step("call").GetProperty("attempts").GetInt32());
        Assert.Equal(3, (await owner.Get($"/runs?parent_run_id={run.Text("id")}").Success()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task F816_The_end_of_a_caller_cancels_what_it_waits_for_down_to_the_last()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Called("Lowest", "{ id: a, type: wait, settings: { signal: go } }"));
        await owner.Publish(Called("Middle", "{ id: a, type: workflow, settings: { workflow: Lowest } }"));
        var run = await owner.StartRun(await owner.Publish(Caller("Middle")), new { n = 1 });
        string middle = "", lowest = "";
        await Condition.Holds(async () => (middle = await Child(owner, run, "call")).Length > 0 && (lowest = await Child(owner, middle, "a")).Length > 0, "both are called");
        await owner.RunIn(lowest, "waiting");
        await owner.Post($"/runs/{run}/cancel", null).Success();
        foreach (var id in (string[])[run, middle, lowest])
            Assert.Equal("cancelled", (await owner.FinishedRun(id)).Text("status"));
    }

    [Fact]
    public async Task F816_A_cancelled_call_and_one_that_takes_too_long_fail_their_step()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Called("Hangs", "{ id: a, type: wait, settings: { signal: go } }"));
        var run = await owner.StartRun(await owner.Publish(Caller("Hangs")), new { n = 1 });
        var child = "";
        await Condition.Holds(async () => (child = await Child(owner, run, "call")).Length > 0, "it is called");
        await owner.RunIn(child, "waiting");
        await owner.Post($"/runs/{child}/cancel", null).Success();
        Assert.Equal("run.cancelled", (await owner.FinishedRun(run)).GetProperty("error").Text("code"));

        var late = await owner.RunOnce(Caller("Hangs", ", timeout: 100ms").Replace("name: Calls", "name: Waits for", StringComparison.Ordinal), new { n = 1 });
        Assert.Equal("step.timeout", late.GetProperty("error").Text("code"));
        Assert.Equal("cancelled", (await owner.FinishedRun(late.Step("call").Text("child_run_id")!)).Text("status"));
    }

    [Fact]
    public async Task F816_What_cannot_be_called_is_refused_when_published_and_when_called()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var elsewhere = await installation.NewOrganization();
        await elsewhere.Publish(Called("Theirs"));
        await owner.Publish("{ format: 1, name: By hand, trigger: { type: manual }, nodes: [{ id: a, type: transform, settings: { output: 1 } }] }");
        await owner.Draft(Called("Drafted")).Success();
        foreach (var (called, code) in ((string, string)[])[("Theirs", "workflow.not_found"), ("Drafted", "workflow.not_published"), ("By hand", "workflow.not_callable"), ("Calls Itself", "workflow.not_callable")])
        {
            var document = called == "Calls Itself" ? Caller("Itself").Replace("\"Itself\"", "\"Calls Itself\"", StringComparison.Ordinal) : Caller(called);
            var checkedDocument = await owner.Post("/workflows/validate", new { document, format = "yaml" }).Success();
            var fault = Assert.Single(checkedDocument.GetProperty("errors").EnumerateArray());
            Assert.Equal(("/nodes/0/settings/workflow", code), (fault.Text("pointer"), fault.Text("code")));
        }

        var paused = await owner.Publish(Called("Paused later"));
        var caller = await owner.Publish(Caller("Paused later"));
        await owner.Post($"/workflows/{paused}/pause", null).Success();
        Assert.Equal("workflow.not_published", (await owner.FinishedRun(await owner.StartRun(caller, new { n = 1 }))).GetProperty("error").Text("code"));
        await owner.Post($"/workflows/{paused}/runs", new { input = 1 }, ("Idempotency-Key", "by-hand")).Refuses(409, "workflow.not_published");
        await owner.Post($"/workflows/{paused}/resume", null).Success();
        await owner.Post($"/workflows/{paused}/runs", new { input = 1 }, ("Idempotency-Key", "by-hand")).Refuses(422, "workflow.other_trigger");
    }

    [Fact]
    public async Task Abuse18_A_workflow_that_calls_itself_ends_at_the_tenth_call()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Called("Itself", "{ id: a, type: workflow, settings: { workflow: Itself } }"));
        var run = await owner.RunOnce(Caller("Itself"), new { n = 1 });
        Assert.Equal(("failed", "workflow.too_deep"), (run.Text("status"), run.GetProperty("error").Text("code")));
        Assert.Equal(11, (await owner.Get("/runs?limit=200").Success()).GetProperty("items").GetArrayLength());
    }

    /// <summary>The run that the step has called, once it is there: its id is known before it starts.</summary>
    private static async Task<string> Child(TestMember owner, string run, string node) =>
        (await owner.Get($"/runs/{run}").Success()).Step(node).GetProperty("child_run_id").GetString() is { } child && (await owner.Get($"/runs/{child}")).IsSuccessStatusCode ? child : "";
}
