using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>F816, FK07: runs that did not succeed are taken up again, alone or many at once.</summary>
public sealed class RetryTests
{
    private static string Document(string connector, string more = "") => $$$"""
        format: 1
        name: Posts
        trigger: { type: api }
        nodes:
          - { id: first, type: transform, settings: { output: "{{ trigger.body.n + {{{(more.Length > 0 ? 100 : 1)}}} }}" } }
          - { id: skipped, type: transform, when: "{{ false }}", settings: { output: 1 } }
          - { id: post, type: http, settings: { connector: {{{connector}}}, endpoint: call, body: "{{ steps.first }}" } }
          - { id: last, type: transform, settings: { output: "{{ steps.first + 1 }}" } }
          {{{more}}}
        edges: [{ from: first, to: post }, { from: post, to: last }]
        output: "{{ steps.last }}"
        """;

    private static async Task<(TestMember Owner, StubPath Path, string Workflow, string Run)> Failed()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(400), new StubAnswer(200));
        var workflow = await owner.Publish(Document(await owner.Connect(path)));
        var run = (await owner.FinishedRun(await owner.StartRun(workflow, new { n = 1 }))).Text("id");
        return (owner, path, workflow, run);
    }

    [Fact]
    public async Task F816_A_failed_run_is_taken_up_at_the_step_that_failed_and_keeps_the_results_before()
    {
        var (owner, path, _, run) = await Failed();
        var retried = await Retry(owner, run, new { });
        var shown = await owner.FinishedRun(retried);
        Assert.Equal(("succeeded", run), (shown.Text("status"), shown.Text("retry_of")));
        Assert.Equal(3, shown.GetProperty("output").GetInt32());
        Assert.Equal((run, run, null), (shown.Step("first").Text("taken_from"), shown.Step("skipped").Text("taken_from"), shown.Step("post").Text("taken_from")));
        Assert.Equal("filtered", shown.Step("skipped").Text("status"));
        Assert.Equal([$"{run}.post", $"{retried}.post"], path.Requests.Select(r => r.Headers["Idempotency-Key"]));
        Assert.Equal(1, shown.GetProperty("trigger").GetProperty("body").GetProperty("n").GetInt32());
        Assert.Contains((await owner.Get($"/runs/{retried}/journal").Success()).GetProperty("items").EnumerateArray(), e => e.Text("event") == "step_taken_over" && e.Text("node") == "first");
        Assert.Contains(await (await Installation.Get()).Audited(owner.Organization, "run.finished"), e => e.GetProperty("details").TryGetProperty("retry_of", out var of) && of.GetString() == run);
        await owner.Post($"/runs/{retried}/retry", new { }, ("Idempotency-Key", "x")).Refuses(409, "run.nothing_to_retry");
    }

    [Fact]
    public async Task FX15_A_repeat_with_the_same_key_finds_the_same_run()
    {
        var (owner, path, _, run) = await Failed();
        var first = await Retry(owner, run, new { }, "once");
        var again = await owner.Post($"/runs/{run}/retry", new { }, ("Idempotency-Key", "once")).Success();
        Assert.Equal((first, true), (again.Text("run_id"), again.GetProperty("repeated").GetBoolean()));
        await owner.Post($"/runs/{run}/retry", new { from = "first" }, ("Idempotency-Key", "once")).Refuses(409, "idempotency.key_reused");
        await owner.Post($"/runs/{run}/retry", new { }).Refuses(400, "idempotency.key_missing");
        await owner.FinishedRun(first);
        Assert.Equal(2, path.Requests.Count);
    }

    [Fact]
    public async Task F816_A_run_is_taken_up_from_a_named_step_and_with_the_latest_version_if_it_has_what_is_kept()
    {
        var (owner, path, workflow, run) = await Failed();
        var connector = (await owner.Get("/connectors").Success()).GetProperty("items")[0].Text("name");
        await Publish(Document(connector, more: "- { id: extra, type: merge }"));
        var fromFirst = await owner.FinishedRun(await Retry(owner, run, new { from = "first", version = "latest" }));
        Assert.Equal((102, 2), (fromFirst.GetProperty("output").GetInt32(), fromFirst.GetProperty("workflow_version").GetInt32()));
        Assert.Equal((null, "succeeded"), (fromFirst.Step("first").Text("taken_from"), fromFirst.Step("extra").Text("status")));
        Assert.Equal(run, fromFirst.Step("skipped").Text("taken_from"));
        var kept = await owner.FinishedRun(await Retry(owner, run, new { version = "latest" }));
        Assert.Equal((3, run), (kept.GetProperty("output").GetInt32(), kept.Step("first").Text("taken_from")));
        Assert.Equal(1, (await owner.FinishedRun(await Retry(owner, run, new { version = "same" }))).GetProperty("workflow_version").GetInt32());

        await owner.Post($"/runs/{run}/retry", new { from = "nowhere" }, ("Idempotency-Key", "a")).Refuses(422, "run.unknown_step");
        await Publish(Document(connector).Replace("id: first, type: transform, settings: { output:", "id: first, type: aggregate, settings: { items: [], function: count, value:", StringComparison.Ordinal));
        await owner.Post($"/runs/{run}/retry", new { version = "latest" }, ("Idempotency-Key", "b")).Refuses(409, "run.step_not_kept");
        await owner.Post($"/workflows/{workflow}/pause", null).Success();
        await owner.Post($"/runs/{run}/retry", new { }, ("Idempotency-Key", "c")).Refuses(409, "workflow.not_published");
        Assert.Equal(4, path.Requests.Count);

        async Task Publish(string document)
        {
            var draft = await owner.Post($"/workflows/{workflow}/draft", null).Success();
            await owner.Client.Send(HttpMethod.Put, $"/v1/orgs/{owner.Slug}/workflows/{workflow}/draft", new { document, format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
            await owner.Post($"/workflows/{workflow}/publish", null).Success();
        }
    }

    [Fact]
    public async Task F816_Runs_are_taken_up_and_ended_by_filter_each_once_and_that_is_recorded()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var fails = await owner.Publish("{ format: 1, name: Fails, trigger: { type: api }, nodes: [{ id: a, type: fail, settings: { message: no } }] }");
        var waits = await owner.Publish("{ format: 1, name: Waits, trigger: { type: api }, nodes: [{ id: a, type: wait, settings: { signal: go } }] }");
        for (var i = 0; i < 3; i++)
        {
            await owner.FinishedRun(await owner.StartRun(fails));
            await owner.RunIn(await owner.StartRun(waits), "waiting");
        }
        Assert.Equal((0, false), Counts(await owner.Post("/runs/retry", new { filter = new { workflow_id = waits } }).Success()));
        Assert.Equal((0, false), Counts(await owner.Post("/runs/retry", new { filter = new { error_code = "other" } }).Success()));
        Assert.Equal((0, false), Counts(await owner.Post("/runs/retry", new { filter = new { started_before = "2020-01-01T00:00:00Z" } }).Success()));
        Assert.Equal((2, true), Counts(await owner.Post("/runs/retry", new { filter = new { workflow_id = fails, status = "failed", error_code = "node.failed", started_from = "2020-01-01T00:00:00Z", limit = 2 } }).Success()));
        // Those two are taken up; their successors have failed by the time that all has.
        await Condition.Holds(async () => (await owner.Get($"/runs?workflow_id={fails}&status=failed").Success()).GetProperty("items").GetArrayLength() == 5, "both have run");
        var rest = await owner.Post("/runs/retry", new { filter = new { workflow_id = fails } }).Success();
        Assert.Equal(3, rest.GetProperty("started").GetInt32());
        Assert.Equal(2, (await installation.Audited(owner.Organization, "run.retried_all")).Count(e => e.GetProperty("details").GetProperty("started").GetInt32() > 0));

        Assert.Equal((1, true), Counts(await owner.Post("/runs/cancel", new { filter = new { workflow_id = waits, limit = 1 } }).Success()));
        await Condition.Holds(async () => (await owner.Get("/runs?status=cancelled").Success()).GetProperty("items").GetArrayLength() == 1, "one is cancelled");
        Assert.Equal((2, false), Counts(await owner.Post("/runs/cancel", new { }).Success()));
        await Condition.Holds(async () => (await owner.Get("/runs?status=cancelled").Success()).GetProperty("items").GetArrayLength() == 3, "all are cancelled");
        Assert.Equal(2, (await installation.Audited(owner.Organization, "run.cancelled_all")).Length);
    }

    [Fact]
    public async Task Abuse11_Taking_up_and_ending_many_need_their_permissions_and_stay_in_the_organization()
    {
        var installation = await Installation.Get();
        var (owner, _, _, run) = await Failed();
        var reader = installation.KeyClient(await owner.NewKey("runs:read"));
        await reader.Post($"/v1/runs/{run}/retry", new { }, ("Idempotency-Key", "k")).Refuses(403, "permission.missing");
        await reader.Post("/v1/runs/retry", new { }).Refuses(403, "permission.missing");
        await reader.Post("/v1/runs/cancel", new { }).Refuses(403, "permission.missing");
        await reader.Post($"/v1/runs/{run}/steps/post/outcome", new { outcome = "retry", reason = "x" }).Refuses(403, "permission.missing");
        await owner.Post($"/runs/{run}/steps/post/outcome", new { outcome = "retry", reason = "x" }).Refuses(409, "run.outcome_known");
        await owner.Post($"/runs/{run}/steps/nowhere/outcome", new { outcome = "retry", reason = "x" }).Refuses(404, "step.not_found");
        var stranger = await installation.NewOrganization();
        await stranger.Post($"/runs/{run}/retry", new { }, ("Idempotency-Key", "k")).Refuses(404, "run.not_found");
        Assert.Equal((0, false), Counts(await stranger.Post("/runs/retry", new { }).Success()));
        foreach (var (filter, pointer) in ((object, string)[])[(new { limit = 1001 }, "/limit"), (new { limit = 0 }, "/limit"), (new { status = "running" }, "/status"), (new { error_code = new string('x', 201) }, "/error_code")])
            Assert.Contains(pointer, await (await owner.Post("/runs/retry", new { filter })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await owner.Post("/runs/cancel", new { filter = new { status = "failed" } }).Refuses(400, "request.invalid");
    }

    private static async Task<string> Retry(TestMember owner, string run, object request, string? key = null) =>
        (await owner.Post($"/runs/{run}/retry", request, ("Idempotency-Key", key ?? Guid.NewGuid().ToString("N"))).Success()).Text("run_id");

    private static (int Matched, bool More) Counts(System.Text.Json.JsonElement answer) => (answer.GetProperty("matched").GetInt32(), answer.GetProperty("more").GetBoolean());
}
