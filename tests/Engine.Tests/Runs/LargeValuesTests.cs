using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

public sealed class LargeValuesTests
{
    [Fact]
    public async Task Large_run_data_lies_beside_the_journal_and_is_read_back_whole()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await PublishedWorkflows.Publish(owner, """
            format: 1
            name: Echo
            trigger: { type: api }
            nodes:
              - { id: echo, type: transform, settings: { output: "{{ trigger.body }}" } }
            output: "{{ steps.echo }}"
            """);
        var large = new string('x', 200_000);
        var shown = await PublishedWorkflows.Finished(owner, await PublishedWorkflows.Start(owner, workflow, large));
        Assert.Equal(large, shown.GetProperty("output").GetString());
        Assert.Equal(1L, await installation.Scalar<long>("select count(*) from run_values where run_id = $1", shown.GetProperty("id").GetGuid()));

        var small = await PublishedWorkflows.Finished(owner, await PublishedWorkflows.Start(owner, workflow, "small"));
        Assert.Equal(0L, await installation.Scalar<long>("select count(*) from run_values where run_id = $1", small.GetProperty("id").GetGuid()));
    }
}
