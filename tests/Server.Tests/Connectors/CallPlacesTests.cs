using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Connectors;

/// <summary>F816: no more calls at once to a connector's service than it says, on all servers together.</summary>
public sealed class CallPlacesTests
{
    private const string Calling = """
        format: 1
        name: Calls
        trigger: { type: api }
        nodes: [{ id: call, type: http, timeout: 20s, settings: { connector: few, endpoint: call } }]
        """;

    [Fact]
    public async Task F816_So_many_calls_are_under_way_and_the_others_wait_in_line_until_one_ends()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (connector, service, release) = await Connector(owner, most: 2);
        var workflow = await owner.Publish(Calling);
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => owner.StartRun(workflow)));
        await Condition.Holds(() => Task.FromResult(service.Requests.Count == 2), "two calls are under way");
        // Longer than those in line wait between two looks.
        await Task.Delay(500);
        Assert.Equal(2, service.Requests.Count);
        Assert.Equal(2, await Taken(installation, connector));

        // Who is cancelled leaves the line, wherever it stands; those behind it move up.
        var waiting = runs.Where(r => !service.Requests.Any(q => q.Headers["Idempotency-Key"].StartsWith(r, StringComparison.Ordinal))).ToArray();
        await owner.Post($"/runs/{waiting[0]}/cancel", null).Success();
        await owner.FinishedRun(waiting[0]);
        release.SetResult();
        foreach (var run in runs)
            Assert.Equal(run == waiting[0] ? "cancelled" : "succeeded", (await owner.FinishedRun(run)).Text("status"));
        Assert.Equal(4, service.Requests.Count);
        await Condition.Holds(async () => await Taken(installation, connector) == 0, "all places are free");
    }

    [Fact]
    public async Task F816_Another_server_counts_the_same_calls_and_what_a_dead_one_held_is_free_in_time()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (connector, service, release) = await Connector(owner, most: 1);
        release.SetResult();
        var workflow = await owner.Publish(Calling);
        // As a server leaves it that was killed under its call.
        await installation.Execute($"""
            insert into connector_calls (organization_id, connector_id, place, holder, until)
            values ('{owner.Organization}', '{connector}', 1, gen_random_uuid(), now() + interval '1 hour')
            """);
        var run = await owner.StartRun(workflow);
        await Task.Delay(1000);
        Assert.Empty(service.Requests);
        await installation.Execute($"update connector_calls set until = now() where connector_id = '{connector}'");
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task F816_What_was_changed_while_a_step_waited_in_line_holds_for_its_call()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (connector, service, release) = await Connector(owner, most: 1);
        var elsewhere = (await Installation.Stub()).NewPath();
        var workflow = await owner.Publish(Calling);
        var first = await owner.StartRun(workflow);
        await Condition.Holds(() => Task.FromResult(service.Requests.Count == 1), "a call is under way");
        // The first in line, and one behind it.
        var (second, third) = (await owner.StartRun(workflow), await owner.StartRun(workflow));
        await Task.Delay(500);
        await owner.Put($"/connectors/{connector}", new
        {
            description = "", base_url = elsewhere.Address.AbsoluteUri, authentication = new { type = "none" }, endpoints = Endpoints, max_concurrent_calls = 1,
        }, ("If-Match", "\"1\"")).Success();
        release.SetResult();
        foreach (var run in (string[])[first, second, third])
            Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
        Assert.Single(service.Requests);
        Assert.Equal(2, elsewhere.Requests.Count);
    }

    [Fact]
    public async Task F816_Who_stands_in_line_for_a_connector_that_is_deleted_or_takes_more_waits_no_longer()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (connector, service, release) = await Connector(owner, most: 1);
        var workflow = await owner.Publish(Calling);
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => owner.StartRun(workflow)));
        await Condition.Holds(() => Task.FromResult(service.Requests.Count == 1), "a call is under way");
        await owner.Put($"/connectors/{connector}", new
        {
            description = "", base_url = service.Address.AbsoluteUri, authentication = new { type = "none" }, endpoints = Endpoints, max_concurrent_calls = 3,
        }, ("If-Match", "\"1\"")).Success();
        await Condition.Holds(() => Task.FromResult(service.Requests.Count == 3), "three calls are under way");

        await owner.Delete($"/connectors/{connector}").Success();
        var last = runs.Single(r => !service.Requests.Any(q => q.Headers["Idempotency-Key"].StartsWith(r, StringComparison.Ordinal)));
        Assert.Equal("connector.not_found", (await owner.FinishedRun(last)).GetProperty("error").Text("code"));
        release.SetResult();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task F816_A_number_out_of_range_is_refused_at_its_field(int most)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var refused = await owner.Post("/connectors", new { name = "few", base_url = "http://127.0.0.2:1", authentication = new { type = "none" }, endpoints = Array.Empty<object>(), max_concurrent_calls = most });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("/max_concurrent_calls", (await refused.Json()).GetProperty("errors")[0].Text("pointer"));
    }

    private static async Task<(Guid Connector, StubPath Service, TaskCompletionSource Release)> Connector(TestMember owner, int most)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = (await Installation.Stub()).NewPath(new StubAnswer(200) { Until = release.Task });
        var created = await owner.Post("/connectors", new
        {
            name = "few", base_url = service.Address.AbsoluteUri, authentication = new { type = "none" }, endpoints = Endpoints, max_concurrent_calls = most,
        }).Success();
        Assert.Equal(most, created.GetProperty("max_concurrent_calls").GetInt32());
        return (created.GetProperty("id").GetGuid(), service, release);
    }

    private static readonly object[] Endpoints = [new { name = "call", method = "POST", path = "/call", timeout_seconds = 60 }];

    private static Task<long> Taken(TestInstallation installation, Guid connector) =>
        installation.Scalar<long>("select count(*) from connector_calls where connector_id = $1", connector);
}
