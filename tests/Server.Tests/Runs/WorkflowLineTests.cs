using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>F816: workflows that bound how many of their runs are under way at once, on all servers together.</summary>
public sealed class WorkflowLineTests
{
    private const string Waiting = """
        format: 1
        name: One at a time
        max_concurrent_runs: 1
        trigger: { type: api }
        nodes: [{ id: pause, type: wait, settings: { signal: go } }]
        """;

    [Fact]
    public async Task F816_So_many_runs_are_under_way_waits_included_and_the_others_follow_in_their_order()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Waiting.Replace("max_concurrent_runs: 1", "max_concurrent_runs: 2", StringComparison.Ordinal));
        var runs = new List<string>();
        for (var n = 0; n < 5; n++)
            runs.Add(await owner.StartRun(workflow));
        foreach (var (run, ended) in runs.Select((r, n) => (r, n)).Take(3))
        {
            await owner.RunIn(runs[ended], "waiting");
            await owner.RunIn(runs[ended + 1], "waiting");
            // More than one look of the poller later it is still so.
            await Task.Delay(500);
            Assert.All(await Statuses(owner, runs.Skip(ended + 2)), status => Assert.Equal("queued", status));
            await owner.Post($"/runs/{run}/signals", new { name = "go" }).Success();
        }
        await owner.RunIn(runs[3], "waiting");
        await owner.RunIn(runs[4], "waiting");
    }

    [Fact]
    public async Task F816_Who_is_cancelled_in_line_leaves_it_and_a_new_version_stands_in_the_same_line()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Waiting);
        var (first, second, third) = (await owner.StartRun(workflow), await owner.StartRun(workflow), await owner.StartRun(workflow));
        await owner.RunIn(first, "waiting");
        await owner.Post($"/runs/{second}/cancel", null).Success();
        Assert.Equal("cancelled", (await owner.FinishedRun(second)).Text("status"));
        Assert.Equal(["queued"], await Statuses(owner, [third]));
        await PublishAgain(owner, workflow, Waiting + "\ndescription: Another version");
        var fourth = await owner.StartRun(workflow);

        await owner.Post($"/runs/{first}/cancel", null).Success();
        await owner.RunIn(third, "waiting");
        Assert.Equal(["queued"], await Statuses(owner, [fourth]));
        await owner.Post($"/runs/{third}/signals", new { name = "go" }).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(third)).Text("status"));
        Assert.Equal(2, (await owner.RunIn(fourth, "waiting")).GetProperty("workflow_version").GetInt32());
    }

    [Fact]
    public async Task F816_The_next_run_goes_on_though_the_server_died_that_had_ended_the_one_before()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Waiting);
        var (first, second) = (await owner.StartRun(workflow), await owner.StartRun(workflow));
        await owner.RunIn(first, "waiting");
        await Condition.Holds(async () => await installation.Scalar<long>("select count(*) from workflow_lines where organization_id = $1 and not admitted", owner.Organization) == 1, "the second stands in line");
        // As after the first one's last append, before anybody was told.
        await installation.Execute($"delete from run_work where run_id = '{first}'");
        await owner.RunIn(second, "waiting");
        Assert.Equal(1, await installation.Scalar<long>("select count(*) from workflow_lines where organization_id = $1", owner.Organization));
    }

    [Fact]
    public async Task F816_A_run_whose_time_is_over_in_line_ends_and_does_nothing()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Waiting);
        var first = await owner.StartRun(workflow);
        await owner.RunIn(first, "waiting");
        await PublishAgain(owner, workflow, Waiting + "\ntimeout: 2s");
        var second = await owner.FinishedRun(await owner.StartRun(workflow));
        Assert.Equal("timed_out", second.Text("status"));
        Assert.Equal(["waiting"], await Statuses(owner, [first]));
    }

    [Fact]
    public async Task F816_Called_runs_stand_in_line_too_and_each_caller_gets_its_own_answer()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish("""
            format: 1
            name: Doubles
            max_concurrent_runs: 1
            trigger: { type: workflow }
            nodes: [{ id: pause, type: delay, settings: { for: 20ms } }]
            output: "{{ trigger.input * 2 }}"
            """);
        var run = await owner.RunOnce("""
            format: 1
            name: Calls many
            trigger: { type: api }
            nodes: [{ id: all, type: foreach, settings: { items: "{{ [1, 2, 3, 4, 5, 6] }}", concurrency: 6, workflow: Doubles } }]
            output: "{{ steps.all }}"
            """);
        Assert.Equal([2, 4, 6, 8, 10, 12], run.GetProperty("output").EnumerateArray().Select(v => v.GetInt32()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public async Task F816_A_bound_out_of_range_is_a_fault_of_the_document(string bound)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var refused = await owner.Draft(Waiting.Replace("max_concurrent_runs: 1", $"max_concurrent_runs: {bound}", StringComparison.Ordinal));
        Assert.Equal((422, "/max_concurrent_runs"), ((int)refused.StatusCode, (await refused.Json()).GetProperty("errors")[0].Text("pointer")));
    }

    private static async Task PublishAgain(TestMember owner, string workflow, string document)
    {
        var draft = await owner.Post($"/workflows/{workflow}/draft", null).Success();
        await owner.Put($"/workflows/{workflow}/draft", new { document, format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
        await owner.Post($"/workflows/{workflow}/publish", null).Success();
    }

    private static async Task<string[]> Statuses(TestMember owner, IEnumerable<string> runs)
    {
        var statuses = new List<string>();
        foreach (var run in runs)
            statuses.Add((await owner.Get($"/runs/{run}").Success()).Text("status"));
        return [.. statuses];
    }
}
