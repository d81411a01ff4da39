using System.Globalization;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>Runs with much data take turns in memory, and nothing is done twice for it.</summary>
public sealed class LargeRunsTests
{
    private const int Runs = 12;

    /// <summary>Four megabytes that no two steps share, then one call after the other.</summary>
    private const string Document = """
        format: 1
        name: Large
        trigger: { type: api }
        nodes:
          - { id: one, type: transform, settings: { output: "{{ trigger.body + '1' }}" } }
          - { id: two, type: transform, settings: { output: "{{ trigger.body + '2' }}" } }
          - { id: three, type: transform, settings: { output: "{{ trigger.body + '3' }}" } }
          - { id: ask, type: http, timeout: 5m, settings: { connector: held, endpoint: call, body: 1 } }
          - { id: again, type: http, timeout: 5m, settings: { connector: held, endpoint: call, body: 1 } }
          - { id: whole, type: transform, settings: { output: "{{ size(steps.one) + size(steps.two) + size(steps.three) }}" } }
        edges: [{ from: one, to: two }, { from: two, to: three }, { from: three, to: ask }, { from: ask, to: again }, { from: again, to: whole }]
        output: "{{ steps.whole }}"
        """;

    [Fact]
    public async Task Abuse18_Large_runs_wait_in_the_queue_for_memory_and_each_call_is_made_once()
    {
        await using var service = await HeldService.Start();
        await using var installation = await TestInstallation.Start(("egress:allow:0", $"127.0.0.2/32:{service.Port}"), ("engine:max_live_megabytes", "16"));
        var owner = await installation.NewOrganization();
        await owner.Post("/connectors", new
        {
            name = "held",
            base_url = $"http://127.0.0.2:{service.Port}",
            authentication = new { type = "none" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call", timeout_seconds = 300 } },
        }).Success();
        var workflow = await PublishedWorkflows.Publish(owner, Document);
        var text = new string('x', 900_000);
        var runs = new List<string>();
        for (var i = 0; i < Runs; i++)
            runs.Add(await PublishedWorkflows.Start(owner, workflow, text));

        // An organization has half of the memory: 8 MB are taken by the third run.
        await Condition.Holds(() => Task.FromResult(service.Calls.Count == 3), "as many calls are under way as runs fit");
        Assert.Equal(Runs - 3, await installation.Scalar<long>("select count(*) from run_work where node_id is null"));
        Assert.InRange(await installation.Scalar<long>("select max(data_bytes) from run_work"), 3_600_000, 3_700_000);
        var small = await installation.NewOrganization();
        var quick = await PublishedWorkflows.Publish(small, "{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }");
        await PublishedWorkflows.Finished(small, await PublishedWorkflows.Start(small, quick, 1));
        Assert.Equal(3, service.Calls.Count);

        service.Release();
        foreach (var run in runs)
        {
            var ended = await PublishedWorkflows.Finished(owner, run);
            Assert.Equal("succeeded", ended.GetProperty("status").GetString());
            Assert.Equal(3 * (text.Length + 1), ended.GetProperty("output").GetInt32());
        }
        Assert.Equal(2 * Runs, service.Calls.Count);
        Assert.All(service.Calls, call => Assert.True(call.Value == 1, string.Create(CultureInfo.InvariantCulture, $"{call.Key} was made {call.Value} times")));
        // Some were taken up more than once: they left memory between their calls.
        Assert.True(await installation.Scalar<int>("select max(append_no) from runs where workflow_id = $1", Guid.Parse(workflow)) > 4);
    }
}
