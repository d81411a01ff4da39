using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>F816: the workflow that starts after another has failed.</summary>
public sealed class ErrorWorkflowTests
{
    private const string Tells = """
        format: 1
        name: Tells
        trigger: { type: workflow }
        nodes: [{ id: a, type: transform, settings: { output: "{{ trigger.input }}" } }]
        output: "{{ steps.a }}"
        """;

    private static string Fails(string name, string handler = "Tells", string nodes = """{ id: bad, type: fail, settings: { message: "no {{ trigger.type }}" } }""", string more = "") => $$"""
        format: 1
        name: {{name}}
        trigger: { type: api }
        error_workflow: {{handler}}
        {{more}}
        nodes: [{{nodes}}]
        """;

    [Fact]
    public async Task F816_A_failed_run_starts_its_error_workflow_once_with_what_happened()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Publish(Tells);
        var run = await owner.RunOnce(Fails("Fails"));
        var handler = await Handler(owner, run);
        var input = handler.GetProperty("output");
        Assert.Equal((run.Text("id"), "Fails", "failed", "bad"), (input.Text("run_id"), input.Text("workflow"), input.Text("status"), input.Text("node")));
        Assert.Equal(("node.failed", "no api"), (input.GetProperty("error").Text("code"), input.GetProperty("error").Text("message")));
        Assert.Equal(run.GetProperty("started_at").GetDateTimeOffset(), DateTimeOffset.Parse(input.Text("started_at")!, null), TimeSpan.FromMilliseconds(1)); // a column keeps microseconds
        Assert.Equal((true, run.Text("id")), (handler.GetProperty("handles_error").GetBoolean(), handler.GetProperty("parent").Text("run_id")));
        Assert.False(run.GetProperty("handles_error").GetBoolean());
        await Condition.Holds(async () => await installation.TextOf("select count(*)::text from error_starts where run_id = $1", Guid.Parse(run.Text("id"))) == "0", "it is done with");

        var late = await owner.RunOnce(Fails("Late", nodes: "{ id: w, type: wait, settings: { signal: go } }", more: "timeout: 200ms"));
        Assert.Equal("timed_out", late.Text("status"));
        Assert.Equal(("timed_out", JsonValueKind.Null), ((await Handler(owner, late)).GetProperty("output").Text("status"), (await Handler(owner, late)).GetProperty("output").GetProperty("node").ValueKind));
    }

    [Fact]
    public async Task F816_A_run_that_succeeds_or_is_cancelled_starts_none()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Tells);
        await owner.RunOnce(Fails("Succeeds", nodes: "{ id: a, type: merge }"));
        var run = await owner.StartRun(await owner.Publish(Fails("Waits", nodes: "{ id: w, type: wait, settings: { signal: go } }")));
        await owner.RunIn(run, "waiting");
        await owner.Post($"/runs/{run}/cancel", null).Success();
        await owner.FinishedRun(run);
        // One that does start one, after them: what they had started would be there by then.
        await Handler(owner, await owner.RunOnce(Fails("Fails")));
        Assert.Equal(4, (await owner.Get("/runs?limit=200").Success()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Abuse18_An_error_workflow_that_fails_starts_nothing_nor_does_what_it_calls()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish(Fails("Fails too", "Fails too").Replace("type: api", "type: workflow", StringComparison.Ordinal));
        await owner.Publish(Fails("Calls", "Calls", "{ id: c, type: workflow, settings: { workflow: Fails too } }").Replace("type: api", "type: workflow", StringComparison.Ordinal));
        var run = await owner.RunOnce(Fails("Fails", "Calls"));
        Assert.Equal("failed", (await Handler(owner, run)).Text("status"));
        await owner.Publish(Tells);
        await Handler(owner, await owner.RunOnce(Fails("Later")));
        // The run, its error workflow and what that called; the later one and its error workflow.
        Assert.Equal(5, (await owner.Get("/runs?limit=200").Success()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task F816_An_error_workflow_that_cannot_start_is_refused_when_published_and_recorded_later()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var validated = await owner.Post("/workflows/validate", new { document = Fails("Fails", "Nobody"), format = "yaml" }).Success();
        Assert.Equal(("/error_workflow", "workflow.not_found"), (validated.GetProperty("errors")[0].Text("pointer"), validated.GetProperty("errors")[0].Text("code")));
        var tells = await owner.Publish(Tells);
        var failing = await owner.Publish(Fails("Fails"));
        await owner.Post($"/workflows/{tells}/pause", null).Success();
        await owner.FinishedRun(await owner.StartRun(failing));
        await Condition.Holds(async () => (await installation.Audited(owner.Organization, "run.error_workflow_refused")).Any(e => e.GetProperty("details").Text("error") == "workflow.not_published"), "the refusal is recorded");
    }

    private static async Task<JsonElement> Handler(TestMember owner, JsonElement failed)
    {
        var started = "";
        await Condition.Holds(async () => (started = (await owner.Get($"/runs?parent_run_id={failed.Text("id")}").Success()).GetProperty("items").EnumerateArray().Select(r => r.Text("id")).SingleOrDefault() ?? "").Length > 0, "the error workflow has started");
        return await owner.FinishedRun(started);
    }
}
