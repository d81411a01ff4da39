using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

public sealed class QueueTests
{
    private const string Slow = """
        format: 1
        name: Slow
        trigger: { type: api }
        nodes:
          - { id: pause, type: delay, settings: { for: 100ms } }
        """;

    private const int LongQueue = 80;

    [Fact]
    public async Task Runs_over_the_limit_queue_and_a_long_queue_of_one_organization_does_not_make_another_wait()
    {
        await using var installation = await TestInstallation.Start(("engine:max_live_runs", "4"), ("engine:poll_milliseconds", "20"));
        var (busy, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (busyWorkflow, otherWorkflow) = (await PublishedWorkflows.Publish(busy, Slow), await PublishedWorkflows.Publish(other, Slow));

        await Task.WhenAll(Enumerable.Range(0, LongQueue).Select(i => PublishedWorkflows.Start(busy, busyWorkflow, i)));
        Assert.True(await Count(busy, "queued") > LongQueue / 2);
        var run = await PublishedWorkflows.Start(other, otherWorkflow, 1);
        Assert.Equal("succeeded", (await PublishedWorkflows.Finished(other, run)).GetProperty("status").GetString());
        // It came last and did not wait for the eighty before it.
        Assert.True(await Count(busy, "queued") > 0);

        await Condition.Holds(async () => await Count(busy, "succeeded") == LongQueue, "the long queue is done");
    }

    private static async Task<int> Count(TestMember member, string status) =>
        (await member.Get($"/runs?status={status}&limit=200").Success()).GetProperty("items").GetArrayLength();
}
