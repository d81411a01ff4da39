using System.Diagnostics;
using Fluxgate.Server.Tests.Reviews;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

[CollectionDefinition(nameof(RunEventsTests), DisableParallelization = true)]
[Collection(nameof(RunEventsTests))]
public sealed class RunEventsTests
{
    /// <summary>A second for the server, and one for a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private static async Task<List<string>> Journal(TestMember member, string run) =>
        [.. (await member.Get($"/runs/{run}/journal").Success()).GetProperty("items").EnumerateArray().Select(e => e.GetRawText())];

    private static async Task ClosesSoon(LiveStream stream, string code, Func<Task> revocation)
    {
        await stream.Until("review_requested");
        await revocation();
        var revoked = Stopwatch.StartNew();
        var closed = Assert.Single(await stream.Rest());
        Assert.True(revoked.Elapsed < Soon, $"closed after {revoked.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(("closed", code), (closed.Name, closed.Json.Text("code")));
    }

    [Fact]
    public async Task F819_Events_arrive_in_order_while_a_run_waits_for_a_person_and_goes_on()
    {
        var scene = await ReviewScene.New();
        await using var stream = await LiveStream.Open(scene.Owner, scene.Run);
        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(("no-store", "no"), (stream.Answer.Headers.CacheControl?.ToString(), stream.Answer.Headers.GetValues("X-Accel-Buffering").Single()));
        Assert.Empty(stream.Answer.Content.Headers.ContentEncoding);

        var events = await stream.Until("review_requested");
        await scene.Decide(scene.Owner).Success();
        events.AddRange(await stream.Rest());

        var end = events[^1];
        Assert.Equal(("end", """{"status":"succeeded"}""", ""), (end.Name, end.Data, end.Id));
        events.RemoveAt(events.Count - 1);
        Assert.Equal(await Journal(scene.Owner, scene.Run), events.Select(e => e.Data));
        Assert.All(events, e => Assert.Equal(e.Name, e.Json.Text("event")));
        var ids = events.ConvertAll(e => long.Parse(e.Id, null));
        Assert.Equal(ids.Distinct().Order(), ids);
    }

    [Fact]
    public async Task F819_A_reader_goes_on_after_any_event_without_loss_or_repeat()
    {
        var scene = await ReviewScene.New();
        await using var first = await LiveStream.Open(scene.Owner, scene.Run);
        var read = await first.Until("run_started");
        await first.DisposeAsync();
        await scene.Decide(scene.Owner).Success();
        await scene.Finished();

        var key = scene.Installation.KeyClient(await scene.Owner.NewKey("runs:read"));
        await using var second = await LiveStream.Open(key, $"/v1/runs/{scene.Run}/events", read[^1].Id);
        read.AddRange((await second.Rest())[..^1]);
        Assert.Equal(await Journal(scene.Owner, scene.Run), read.Select(e => e.Data));

        for (var after = 0; after < read.Count; after++)
        {
            await using var again = await LiveStream.Open(scene.Owner, scene.Run, read[after].Id);
            Assert.Equal(read[(after + 1)..].Append(new LiveEvent("", "end", """{"status":"succeeded"}""")), await again.Rest());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1000000")]
    [InlineData("0")]
    [InlineData("1000000.5")]
    [InlineData("99000000")]
    [InlineData("99999999999999999999")]
    public async Task F819_A_last_event_id_that_is_none_is_malformed(string id)
    {
        var scene = await ReviewScene.New();
        await scene.Owner.Client.Open($"/v1/orgs/{scene.Owner.Slug}/runs/{scene.Run}/events", ("Last-Event-ID", id)).Refuses(400, "run.last_event_id");
    }

    [Fact]
    public async Task F819_Of_a_finished_run_the_journal_is_sent_and_the_stream_ends()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.StartRun(await owner.Publish("format: 1\nname: Stops\ntrigger: { type: api }\nnodes:\n  - { id: stop, type: fail, settings: { message: no } }\n"));
        await owner.FinishedRun(run);
        await using var stream = await LiveStream.Open(owner, run);
        var events = await stream.Rest();
        Assert.Equal(await Journal(owner, run), events[..^1].Select(e => e.Data));
        Assert.Equal("""{"status":"failed"}""", events[^1].Data);
    }

    [Fact]
    public async Task F819_Many_readers_of_one_run_get_the_same()
    {
        var scene = await ReviewScene.New();
        var streams = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LiveStream.Open(scene.Owner, scene.Run)));
        await scene.Decide(scene.Owner).Success();
        var read = await Task.WhenAll(streams.Select(s => s.Rest()));
        Assert.All(read, events => Assert.Equal(read[0], events));
        Assert.Equal(await Journal(scene.Owner, scene.Run), read[0][..^1].Select(e => e.Data));
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task F819_A_stream_shows_what_the_journal_shows_and_nothing_of_the_runs_data()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.StartRun(await owner.Publish("""
            format: 1
            name: Cards
            trigger: { type: api }
            nodes:
              - { id: card, type: transform, sensitive: [/number], settings: { output: { number: "{{ trigger.body.number }}", holder: "{{ trigger.body.holder }}" } } }
              - { id: told, type: emit, settings: { event: card.seen, data: "{{ steps.card }}" } }
            edges: [{ from: card, to: told }]
            """), new { number = "4111-1111", holder = "Hildegard" });
        await owner.FinishedRun(run);
        await using var stream = await LiveStream.Open(owner, run);
        var text = string.Join('\n', (await stream.Rest()).Select(e => e.Data));
        Assert.Contains("event_emitted", text, StringComparison.Ordinal);
        Assert.DoesNotContain("4111-1111", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hildegard", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F819_A_stream_closes_when_its_session_ends()
    {
        var scene = await ReviewScene.New();
        await using var stream = await LiveStream.Open(scene.Owner, scene.Run);
        await ClosesSoon(stream, "session.missing", () => scene.Owner.Client.Post("/v1/auth/sign-out", null).Success());
    }

    [Fact]
    public async Task F819_A_stream_closes_when_its_session_has_been_idle_for_long_since_watching_is_no_activity()
    {
        var scene = await ReviewScene.New();
        await using var stream = await LiveStream.Open(scene.Owner, scene.Run);
        await stream.Until("review_requested");
        // Two seconds before the end of the session's hour: a stream that counted as activity would begin another.
        await scene.Installation.Change("update sessions set last_seen_at = clock_timestamp() - interval '59 minutes 58 seconds' where user_id = $1", scene.Owner.UserId);
        Assert.Equal("session.missing", Assert.Single(await stream.Rest()).Json.Text("code"));
    }

    [Fact]
    public async Task F819_A_stream_closes_when_its_key_is_revoked()
    {
        var scene = await ReviewScene.New();
        var key = await scene.Owner.NewKey("runs:read");
        await using var stream = await LiveStream.Open(scene.Installation.KeyClient(key), $"/v1/runs/{scene.Run}/events");
        await ClosesSoon(stream, "key.invalid", () => scene.Owner.Post($"/api-keys/{key.Id()}/revoke", null).Success());
    }

    [Fact]
    public async Task F819_A_stream_closes_when_the_role_is_taken_away()
    {
        var scene = await ReviewScene.New();
        var viewer = await scene.Owner.NewMember(scene.Installation, "viewer");
        await using var stream = await LiveStream.Open(viewer, scene.Run);
        await ClosesSoon(stream, "permission.missing", () => scene.Owner.Put($"/members/{viewer.UserId}", new { roles = new[] { "reviewer" } }).Success());
        await LiveStreamIsRefused(viewer, scene.Run, 403, "permission.missing");
    }

    [Fact]
    public async Task F819_A_stream_closes_when_the_member_is_removed_and_that_is_no_attempt_on_the_organization()
    {
        var scene = await ReviewScene.New();
        var viewer = await scene.Owner.NewMember(scene.Installation, "viewer");
        // Of an organization of their own too, in whose log an attempt would stand.
        var own = (await viewer.Client.Post("/v1/orgs", new { name = $"Own {Guid.CreateVersion7():N}" }).Success()).Id();
        await using var stream = await LiveStream.Open(viewer, scene.Run);
        await ClosesSoon(stream, "organization.not_found", () => scene.Owner.Delete($"/members/{viewer.UserId}").Success());
        Assert.Empty(await scene.Installation.Audited(own, "access.cross_tenant"));
        await LiveStreamIsRefused(viewer, scene.Run, 404, "organization.not_found");
        await scene.Installation.EventuallyAudited(own, "access.cross_tenant");
    }

    [Fact]
    public async Task F819_Another_organizations_run_has_no_stream()
    {
        var scene = await ReviewScene.New();
        var other = await scene.Installation.NewOrganization();
        await LiveStreamIsRefused(other, scene.Run, 404, "run.not_found");
        await scene.Installation.KeyClient(await other.NewKey("runs:read")).Open($"/v1/runs/{scene.Run}/events").Refuses(404, "run.not_found");
        await scene.Installation.KeyClient(await scene.Owner.NewKey("workflows:read")).Open($"/v1/runs/{scene.Run}/events").Refuses(403, "permission.missing");
        await scene.Installation.Client().Open($"/v1/orgs/{scene.Owner.Slug}/runs/{scene.Run}/events").Refuses(401, "session.missing");
    }

    private static Task LiveStreamIsRefused(TestMember member, string run, int status, string code) =>
        member.Client.Open($"/v1/orgs/{member.Slug}/runs/{run}/events").Refuses(status, code);
}
