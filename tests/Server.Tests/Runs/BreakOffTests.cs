using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>F816, FK07: whatever gives up a step closes its connection; a run has a time of its own.</summary>
public sealed class BreakOffTests
{
    /// <summary>From the request to the socket; alone on a machine it is a few milliseconds.</summary>
    private const double Seconds = 1;

    private static string Calls(string connector, string top = "", string node = "") => $$"""
        format: 1
        name: Calls {{connector}} {{Guid.NewGuid():N}}
        trigger: { type: api }
        {{top}}
        nodes:
          - { id: call, type: http, settings: { connector: {{connector}}, endpoint: call }{{node}} }
        """;

    [Fact]
    public async Task F816_A_cancelled_run_closes_the_connection_of_its_call_within_a_second()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var (path, connector) = await Held(owner);
        var run = await owner.StartRun(await owner.Publish(Calls(connector)));
        await Called(path);
        await owner.Post($"/runs/{run}/cancel", null).Success();
        await Closed(path);
        var shown = await owner.FinishedRun(run);
        Assert.Equal(("cancelled", "cancelled"), (shown.Text("status"), shown.Step("call").Text("status")));
        Assert.Single(path.Requests);
    }

    [Fact]
    public async Task F816_A_run_that_another_called_closes_its_connection_when_the_caller_is_cancelled()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var (path, connector) = await Held(owner);
        var document = Calls(connector).Replace("type: api", "type: workflow", StringComparison.Ordinal);
        await owner.Publish(document);
        var called = document.Split('\n')[1]["name: ".Length..].Trim();
        var run = await owner.StartRun(await owner.Publish($$"""
            format: 1
            name: Caller
            trigger: { type: api }
            nodes: [{ id: sub, type: workflow, settings: { workflow: "{{called}}" } }]
            """));
        await Called(path);
        await owner.Post($"/runs/{run}/cancel", null).Success();
        await Closed(path);
    }

    [Fact]
    public async Task FK07_A_step_that_takes_too_long_closes_its_connection()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var (path, connector) = await Held(owner);
        var run = await owner.StartRun(await owner.Publish(Calls(connector, node: ", timeout: 300ms")));
        await Called(path);
        await Closed(path);
        Assert.Equal("step.timeout", (await owner.FinishedRun(run)).GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task F816_A_run_that_takes_too_long_is_timed_out_and_closes_its_connection()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (path, connector) = await Held(owner);
        var run = await owner.StartRun(await owner.Publish(Calls(connector, "timeout: 1s")));
        await Called(path);
        var shown = await owner.FinishedRun(run);
        Assert.Equal(("timed_out", "run.timeout", "cancelled"), (shown.Text("status"), shown.GetProperty("error").Text("code"), shown.Step("call").Text("status")));
        await Closed(path);
        Assert.Equal("timed_out", Assert.Single(await installation.Audited(owner.Organization, "run.finished")).GetProperty("details").Text("status"));
        Assert.Single((await owner.Get("/runs?status=timed_out").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task F816_A_run_out_of_memory_is_timed_out_too_and_its_review_closes()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce("""
            format: 1
            name: Asks
            timeout: 500ms
            trigger: { type: api }
            nodes: [{ id: ask, type: review, settings: { title: Pay, content: 1 } }]
            """);
        Assert.Equal(("timed_out", "run.timeout"), (run.Text("status"), run.GetProperty("error").Text("code")));
        Assert.Empty((await owner.Get("/reviews?state=pending").Success()).GetProperty("items").EnumerateArray());
    }

    private static async Task<(StubPath Path, string Connector)> Held(TestMember owner)
    {
        var path = (await Installation.Stub()).NewPath(new StubAnswer(200) { Until = new TaskCompletionSource().Task });
        return (path, await owner.Connect(path));
    }

    private static Task Called(StubPath path) => Condition.Holds(() => Task.FromResult(path.Requests.Count == 1), "the service is called");

    private static async Task Closed(StubPath path)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Condition.Holds(() => Task.FromResult(path.Closed == 1), "the connection is closed");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, Seconds);
    }
}
