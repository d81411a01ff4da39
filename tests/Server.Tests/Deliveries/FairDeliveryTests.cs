using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Deliveries;

public sealed class FairDeliveryTests
{
    private const string Emitting = """
        format: 1
        name: Emits
        trigger: { type: api }
        nodes:
          - { id: tell, type: emit, settings: { event: thing.done, data: "{{ trigger.body }}" } }
        """;

    private const int Events = 120;

    [Fact]
    public async Task Abuse18_An_endpoint_that_hangs_does_not_delay_another_organizations_webhooks()
    {
        var installation = await Installation.Get();
        var stub = await Installation.Stub();
        var (slow, quick) = (await installation.NewOrganization(), await installation.NewOrganization());
        var release = new TaskCompletionSource();
        var hanging = stub.NewPath(new StubAnswer(200) { Until = release.Task });
        var prompt = stub.NewPath();
        foreach (var (owner, path) in ((TestMember, StubPath)[])[(slow, hanging), (quick, prompt)])
            await owner.Post("/webhook-endpoints", new { name = "W", url = path.Address.AbsoluteUri, event_types = new[] { "thing.done" } }).Success();
        try
        {
            var slowWorkflow = await PublishedWorkflows.Publish(slow, Emitting);
            await Task.WhenAll(Enumerable.Range(0, Events).Select(i => PublishedWorkflows.Start(slow, slowWorkflow, i)));
            await Condition.Holds(() => Task.FromResult(hanging.Requests.Count > 0), "the slow endpoint is being called");

            var quickWorkflow = await PublishedWorkflows.Publish(quick, Emitting);
            await PublishedWorkflows.Start(quick, quickWorkflow, 1);
            await Condition.Holds(() => Task.FromResult(prompt.Requests.Count == 1), "the other organization's webhook came through");
            // It came last and overtook most of those before it; an attempt that hangs is given up after 20 s, so some may be tries of their own.
            Assert.InRange(hanging.Requests.Count, 1, Events / 2);
        }
        finally
        {
            release.SetResult();
        }
    }
}
