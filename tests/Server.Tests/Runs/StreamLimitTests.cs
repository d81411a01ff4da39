using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>With installations of their own: limits small enough to be met, and a server that stops.</summary>
public sealed class StreamLimitTests
{
    private const string Asks = "format: 1\nname: Asks\ntrigger: { type: api }\nnodes:\n  - { id: ask, type: review, settings: { title: T, content: 1 } }\n";

    private static async Task<string> WaitingRun(TestMember owner)
    {
        var run = await owner.StartRun(await owner.Publish(Asks));
        await owner.RunIn(run, "waiting");
        return run;
    }

    [Fact]
    public async Task F819_Streams_of_one_caller_and_of_one_organization_are_bounded_and_places_come_back()
    {
        await using var installation = await TestInstallation.Start(("runs:streams_per_caller", "2"), ("runs:streams_per_organization", "3"));
        var owner = await installation.NewOrganization();
        var run = await WaitingRun(owner);
        var key = installation.KeyClient(await owner.NewKey("runs:read"));
        var (byOwner, byKey) = ($"/v1/orgs/{owner.Slug}/runs/{run}/events", $"/v1/runs/{run}/events");

        var first = await LiveStream.Open(owner, run);
        await using var second = await LiveStream.Open(owner, run);
        var refused = await owner.Client.Open(byOwner);
        Assert.Equal((429, "5"), ((int)refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.Equal("run.too_many_streams", await refused.Code());
        await using var third = await LiveStream.Open(key, byKey);
        await key.Open(byKey).Refuses(429, "run.too_many_streams");

        // Another organization has places of its own.
        var other = await installation.NewOrganization();
        await using var elsewhere = await LiveStream.Open(other, await WaitingRun(other));

        await first.DisposeAsync();
        await Condition.Holds(async () => (await key.Open(byKey)).IsSuccessStatusCode, "who leaves makes room");
    }

    [Fact]
    public async Task F819_A_stream_ends_after_its_longest_life()
    {
        await using var installation = await TestInstallation.Start(("runs:stream_seconds", "1"));
        var owner = await installation.NewOrganization();
        await using var stream = await LiveStream.Open(owner, await WaitingRun(owner));
        var closed = (await stream.Rest())[^1];
        Assert.Equal(("closed", "stream.expired"), (closed.Name, closed.Json.Text("code")));
    }

    [Fact]
    public async Task F819_A_server_that_stops_ends_its_streams_at_once_and_the_next_one_goes_on()
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        var run = await WaitingRun(owner);
        var key = await owner.NewKey("runs:read", "runs:cancel");
        await using var stream = await LiveStream.Open(owner, run);
        var read = await stream.Until("review_requested");

        // Half of what a host waits for requests that do not end.
        await installation.Restart().WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal("server.stopping", Assert.Single(await stream.Rest()).Json.Text("code"));

        var client = installation.KeyClient(key);
        await using var next = await LiveStream.Open(client, $"/v1/runs/{run}/events", read[^1].Id);
        await client.Post($"/v1/runs/{run}/cancel", null).Success();
        read.AddRange(await next.Rest());
        Assert.Equal("""{"status":"cancelled"}""", read[^1].Data);
        var journal = (await client.Get($"/v1/runs/{run}/journal").Success()).GetProperty("items").EnumerateArray().Select(e => e.GetRawText());
        Assert.Equal(journal, read[..^1].Select(e => e.Data));
    }
}
