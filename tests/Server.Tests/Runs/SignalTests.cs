using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

public sealed class SignalTests
{
    private const string Waits = """
        format: 1
        name: Waits
        trigger: { type: api }
        nodes:
          - { id: paid, type: wait, settings: { signal: payment } }
          - { id: note, type: transform, settings: { output: "{{ steps.paid.data.amount }} by {{ steps.paid.sent_by }}" } }
        edges: [{ from: paid, port: received, to: note }]
        output: "{{ steps.note }}"
        """;

    [Fact]
    public async Task FX14_A_run_waits_for_its_signal_and_goes_on_with_what_it_brought()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var run = await owner.StartRun(await owner.Publish(Waits));
        var waiting = await owner.RunIn(run, "waiting");
        Assert.Equal(("waiting", "payment"), (waiting.Step("paid").Text("status"), waiting.Step("paid").Text("signal")));

        await owner.Post($"/runs/{run}/signals", new { name = "another", data = 1 }).Success();
        await owner.Post($"/runs/{run}/signals", new { name = "payment", data = new { amount = 7 } }).Success();
        var finished = await owner.FinishedRun(run);
        Assert.Equal(("succeeded", $"7 by {owner.Email}"), (finished.Text("status"), finished.Text("output")));
        Assert.Equal("received", finished.Step("paid").Text("port"));
        Assert.Equal(["another", "payment"], (await installation.Audited(owner.Organization, "run.signal_sent")).Select(e => e.GetProperty("details").Text("signal")).Order());
        await owner.Post($"/runs/{run}/signals", new { name = "payment" }).Refuses(409, "run.finished");
    }

    [Fact]
    public async Task FX14_A_signal_that_comes_before_its_step_waits_is_kept_and_each_is_taken_once()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.StartRun(await owner.Publish("""
            format: 1
            name: Twice
            trigger: { type: api }
            nodes:
              - { id: begin, type: wait, settings: { signal: begin } }
              - { id: first, type: wait, settings: { signal: go } }
              - { id: second, type: wait, settings: { signal: go } }
            edges: [{ from: begin, port: received, to: first }, { from: first, port: received, to: second }]
            output: ["{{ steps.first.data }}", "{{ steps.second.data }}"]
            """));
        await owner.RunIn(run, "waiting");
        foreach (var signal in (object[])[new { name = "go", data = 1 }, new { name = "begin" }])
            await owner.Post($"/runs/{run}/signals", signal).Success();
        await Condition.Holds(async () => (await owner.Get($"/runs/{run}").Success()).Step("first").Text("status") == "succeeded", "the first took the kept signal");
        Assert.Equal("waiting", (await owner.Get($"/runs/{run}").Success()).Step("second").Text("status"));
        await owner.Post($"/runs/{run}/signals", new { name = "go", data = 2 }).Success();
        Assert.Equal("[1,2]", (await owner.FinishedRun(run)).GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task FX14_A_wait_that_nobody_answers_expires_by_its_own_port()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var finished = await owner.RunOnce("""
            format: 1
            name: Expires
            trigger: { type: api }
            nodes:
              - { id: paid, type: wait, settings: { signal: payment, expires_in: 50ms } }
              - { id: late, type: transform, settings: { output: late } }
            edges: [{ from: paid, port: expired, to: late }]
            output: "{{ steps.late }}"
            """);
        Assert.Equal(("succeeded", "late"), (finished.Text("status"), finished.Text("output")));
    }

    [Fact]
    public async Task Abuse11_A_signal_needs_its_permission_and_fits_a_run()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var run = await owner.StartRun(await owner.Publish(Waits));
        await owner.RunIn(run, "waiting");
        var viewer = await owner.NewMember(installation, "viewer");
        await viewer.Post($"/runs/{run}/signals", new { name = "payment" }).Refuses(403, "permission.missing");
        var key = installation.KeyClient(await owner.NewKey("runs:start"));
        await key.Post($"/v1/runs/{run}/signals", new { name = "payment" }).Refuses(403, "permission.missing");
        await owner.Post($"/runs/{run}/signals", new { name = "" }).Refuses(400, "request.invalid");
        await owner.Post($"/runs/{run}/signals", new { name = "payment", data = "a\0b" }).Refuses(400, "body.malformed");
        await owner.Post($"/runs/{run}/signals", new { name = "payment", data = JsonDocument.Parse(new string('[', 50) + new string(']', 50)).RootElement }).Refuses(400, "run.value_too_deep");
        Assert.Equal("waiting", (await owner.Get($"/runs/{run}").Success()).Text("status"));
    }

    [Fact]
    public async Task Abuse18_Signals_that_nobody_waits_for_are_kept_up_to_a_limit()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.StartRun(await owner.Publish(Waits));
        await owner.RunIn(run, "waiting");
        for (var i = 0; i < 110; i++)
            await owner.Post($"/runs/{run}/signals", new { name = "unwanted", data = i }).Success();
        // What is waited for has its place all the same.
        await owner.Post($"/runs/{run}/signals", new { name = "payment", data = new { amount = 1 } }).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
        var journal = (await owner.Get($"/runs/{run}/journal").Success()).GetProperty("items").EnumerateArray();
        Assert.Equal(101, journal.Count(e => e.Text("event") == "signal_received"));
    }
}
