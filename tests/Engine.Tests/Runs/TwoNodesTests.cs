using System.Diagnostics;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>Alone on the machine: what is measured is the takeover, not the tests beside it.</summary>
[CollectionDefinition(nameof(TwoNodesTests), DisableParallelization = true)]
[Collection(nameof(TwoNodesTests))]
public sealed class TwoNodesTests
{
    private const int Runs = 20;

    [Fact]
    public async Task The_runs_of_a_killed_node_are_finished_by_the_other_within_three_seconds()
    {
        await using var nodes = await NodeProcesses.Open();
        var service = nodes.Service;
        var first = await nodes.Start();
        var second = await nodes.Start();

        var owner = await first.SignIn();
        var workflow = await CallingWorkflow(nodes, owner);
        for (var i = 0; i < Runs; i++)
            await owner.Post($"/workflows/{workflow}/runs", new { input = i }, ("Idempotency-Key", $"run-{i}")).Success();
        await Condition.Holds(() => Task.FromResult(service.Calls.Count == Runs), "every run has called the service");

        var other = await second.SignIn();
        var watch = Stopwatch.StartNew();
        await first.Kill();
        service.Release();
        await Condition.Holds(async () => (await other.Get("/runs?status=succeeded&limit=200").Success()).GetProperty("items").GetArrayLength() == Runs, $"all runs succeeded; second node: {second.Output}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"It took {watch.Elapsed}.");
        // The same key again, so that the service could tell the repeat; and no run called under two keys.
        Assert.Equal(Runs, service.Calls.Count);
        Assert.All(service.Calls.Values, calls => Assert.InRange(calls, 1, 2));
    }

    [Fact]
    public async Task F816_Calls_of_a_killed_node_are_finished_by_the_other_and_each_has_started_one_run()
    {
        await using var nodes = await NodeProcesses.Open();
        var service = nodes.Service;
        var first = await nodes.Start();
        var second = await nodes.Start();

        var owner = await first.SignIn();
        await CallingWorkflow(nodes, owner, "workflow");
        var workflow = await PublishedWorkflows.Publish(owner, """
            format: 1
            name: Calls the caller
            trigger: { type: api }
            nodes:
              - { id: call, type: workflow, settings: { workflow: Calls out } }
            """);
        // Killed at whatever point each of them has reached; those that were not accepted are asked for again.
        var starts = Enumerable.Range(0, Runs).Select(i => Start(owner, workflow, i)).ToArray();
        await Condition.Holds(() => Task.FromResult(service.Calls.Count >= Runs / 4), "some have called the service");
        await first.Kill();
        await Task.WhenAll(starts);
        service.Release();
        var other = await second.SignIn();
        for (var i = 0; i < Runs; i++)
            Assert.True(await Start(other, workflow, i), second.Output);
        await Condition.Holds(
            async () => (await other.Get($"/runs?status=succeeded&limit=200&workflow_id={workflow}").Success()).GetProperty("items").GetArrayLength() == Runs, $"all runs succeeded; second node: {second.Output}");
        // No call without a run, and none with two.
        Assert.Equal(2 * Runs, (await other.Get("/runs?limit=200").Success()).GetProperty("items").GetArrayLength());
        Assert.Equal(Runs, service.Calls.Count);
    }

    [Fact]
    public async Task F816_A_loop_of_a_killed_node_goes_on_where_it_was_and_each_item_is_done_under_one_key()
    {
        const int Items = 6;
        await using var nodes = await NodeProcesses.Open();
        var service = nodes.Service;
        var first = await nodes.Start();
        var owner = await first.SignIn();
        await nodes.Connect(owner);
        var workflow = await PublishedWorkflows.Publish(owner, """
            format: 1
            name: Loops
            trigger: { type: api }
            nodes:
              - id: each
                type: foreach
                settings:
                  items: "{{ trigger.body }}"
                  concurrency: 4
                  body:
                    nodes:
                      - { id: pure, type: transform, settings: { output: "{{ item * 10 }}" } }
                      - { id: call, type: http, settings: { connector: held, endpoint: call, body: "{{ steps.pure }}" }, timeout: 60s }
                    edges: [{ from: pure, to: call }]
                    output: "{{ [index, steps.pure, steps.call.status] }}"
            output: "{{ steps.each }}"
            """);
        var run = await PublishedWorkflows.Start(owner, workflow, Enumerable.Range(0, Items));
        await Condition.Holds(() => Task.FromResult(service.Calls.Count == 4), "four items call the service");
        await first.Kill();
        var second = await nodes.Start();
        service.Release();
        var finished = await PublishedWorkflows.Finished(await second.SignIn(), run);
        Assert.Equal("[[0,0,200],[1,10,200],[2,20,200],[3,30,200],[4,40,200],[5,50,200]]", finished.GetProperty("output").GetRawText());
        Assert.Equal(Enumerable.Range(0, Items).Select(i => $"{run}.each[{i}].call"), service.Calls.Keys.Order(StringComparer.Ordinal));
        Assert.All(service.Calls.Values, calls => Assert.InRange(calls, 1, 2));
    }

    private static async Task<bool> Start(TestMember owner, string workflow, int number)
    {
        try
        {
            return (await owner.Post($"/workflows/{workflow}/runs", new { input = number }, ("Idempotency-Key", $"run-{number}"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // the node was killed
        }
    }

    private static async Task<string> CallingWorkflow(NodeProcesses nodes, TestMember owner, string trigger = "api")
    {
        await nodes.Connect(owner);
        return await PublishedWorkflows.Publish(owner, $$$"""
            format: 1
            name: Calls out
            trigger: { type: {{{trigger}}} }
            nodes:
              - { id: call, type: http, settings: { connector: held, endpoint: call, body: "{{ trigger }}" }, timeout: 60s }
            """);
    }
}
