using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>F816, abuse 19: calls that are under way when their server is killed.</summary>
[CollectionDefinition(nameof(UnknownOutcomeTests), DisableParallelization = true)]
[Collection(nameof(UnknownOutcomeTests))]
public sealed class UnknownOutcomeTests
{
    [Fact]
    public async Task F816_A_call_cut_off_by_a_kill_waits_for_a_person_if_its_node_says_so_and_is_made_again_otherwise()
    {
        await using var nodes = await NodeProcesses.Open();
        var service = nodes.Service;
        var first = await nodes.Start();
        var owner = await first.SignIn();
        await nodes.Connect(owner);
        var stops = await Workflow(owner, "Stops", ", on_unknown: stop");
        var retries = await Workflow(owner, "Retries", "");
        string[] runs = [await PublishedWorkflows.Start(owner, stops, 1), await PublishedWorkflows.Start(owner, stops, 2), await PublishedWorkflows.Start(owner, stops, 3), await PublishedWorkflows.Start(owner, retries, 4)];
        await Condition.Holds(() => Task.FromResult(service.Calls.Count == 4), "every run has called the service");
        await Refuses(owner, runs[0], new { outcome = "retry", reason = "too early" }, "run.outcome_known");

        await first.Kill();
        var second = await nodes.Start();
        owner = await second.SignIn();
        foreach (var run in runs[..3])
            await Condition.Holds(async () => Step(await owner.Get($"/runs/{run}").Success()) is var step && step.GetProperty("outcome_unknown").GetBoolean() && step.GetProperty("status").GetString() == "waiting", $"{run} waits for a person; {second.Output}");
        await Condition.Holds(() => Task.FromResult(service.Calls[$"{runs[3]}.call"] == 2), "the other is called again with the same key");
        Assert.All(runs[..3], run => Assert.Equal(1, service.Calls[$"{run}.call"]));

        service.Release();
        await Refuses(owner, runs[0], new { outcome = "retry", reason = "" }, "request.invalid");
        await Refuses(owner, runs[0], new { outcome = "failed", reason = "x", output = 1 }, "request.invalid");
        await Decide(owner, runs[0], new { outcome = "retry", reason = "Nothing was there" });
        await Decide(owner, runs[1], new { outcome = "succeeded", output = new { id = 7 }, reason = "It was there" });
        await Decide(owner, runs[2], new { outcome = "failed", reason = "It was refused" });
        var ended = new List<JsonElement>();
        foreach (var run in runs)
            ended.Add(await PublishedWorkflows.Finished(owner, run));
        Assert.Equal(["succeeded", "succeeded", "failed", "succeeded"], ended.Select(e => e.GetProperty("status").GetString()));
        Assert.Equal(7, ended[1].GetProperty("output").GetProperty("id").GetInt32());
        Assert.Equal("step.outcome_failed", ended[2].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal([2, 1, 1, 2], runs.Select(run => service.Calls[$"{run}.call"]));
        await Refuses(owner, runs[0], new { outcome = "retry", reason = "again" }, "run.outcome_known");
        var decided = (await owner.Get("/audit-events?type=run.outcome_decided").Success()).GetProperty("items");
        Assert.Equal(3, decided.GetArrayLength());
    }

    private static JsonElement Step(JsonElement run) => run.GetProperty("steps")[0];

    private static Task<JsonElement> Decide(TestMember owner, string run, object request) => owner.Post($"/runs/{run}/steps/call/outcome", request).Success();

    private static async Task Refuses(TestMember owner, string run, object request, string code) =>
        Assert.Equal(code, await (await owner.Post($"/runs/{run}/steps/call/outcome", request)).Code());

    private static Task<string> Workflow(TestMember owner, string name, string more) => PublishedWorkflows.Publish(owner, $$$"""
        format: 1
        name: {{{name}}}
        trigger: { type: api }
        nodes:
          - { id: call, type: http, settings: { connector: held, endpoint: call, body: "{{ trigger.body }}" }, timeout: 60s{{{more}}} }
        output: "{{ steps.call }}"
        """);
}
