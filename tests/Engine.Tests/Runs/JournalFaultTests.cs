using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>F816, abuse 19: a node that dies, or loses PostgreSQL, at each append to the journal of a run that meets everything.</summary>
[CollectionDefinition(nameof(JournalFaultTests), DisableParallelization = true)]
[Collection(nameof(JournalFaultTests))]
public sealed class JournalFaultTests
{
    /// <summary>Runs as long as they are short: the appends of the run, of the one it calls and of its error workflow.</summary>
    private const int FewestAppends = 12;

    [Fact]
    public async Task F816_A_node_killed_at_any_append_loses_no_run_and_no_effect_is_recorded_twice()
    {
        var points = await Task.WhenAll(KillAtEach(AppendMoment.Sent), KillAtEach(AppendMoment.Committed));
        Assert.All(points, p => Assert.InRange(p, FewestAppends, 80));
    }

    [Fact]
    public async Task F816_Appends_whose_connection_is_cut_before_or_after_their_commit_are_made_once()
    {
        await using var nodes = await NodeProcesses.Open();
        nodes.Service.Release();
        var cut = 0;
        var cutting = false;
        // Each append is cut before PostgreSQL has it, then before its answer, then let through: it must know itself again.
        await using var tap = JournalTap.Open(nodes.Database, (append, moment) =>
        {
            var strikes = Volatile.Read(ref cutting) && append % 3 == (moment == AppendMoment.Sent ? 1 : 2);
            if (strikes)
                Interlocked.Increment(ref cut);
            return Task.FromResult(strikes);
        });
        var node = await nodes.Start(tap.Folder);
        var scene = await FaultScene.Open(nodes, await node.SignIn());
        Volatile.Write(ref cutting, true);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async number => Assert.True(await scene.Drive(scene.Owner, number))));
        Volatile.Write(ref cutting, false);
        Assert.InRange(cut, 2 * FewestAppends, int.MaxValue);
        await scene.EachWasDoneOnce(scene.Owner, 4);
    }

    /// <summary>
    /// A new node takes up what the one before left, runs the workflow anew and dies one append later than that; until a run
    /// has no more appends. The number of those.
    /// </summary>
    private static async Task<int> KillAtEach(AppendMoment moment)
    {
        await using var nodes = await NodeProcesses.Open();
        nodes.Service.Release();
        FaultScene? scene = null;
        for (var point = 1; ; point++)
        {
            NodeProcess? victim = null;
            var (armed, seen) = (false, 0);
            await using var tap = JournalTap.Open(nodes.Database, async (_, at) =>
            {
                if (!Volatile.Read(ref armed) || at != moment || Interlocked.Increment(ref seen) != point)
                    return false;
                await victim!.Kill();
                return true;
            });
            victim = await nodes.Start(tap.Folder);
            var owner = await victim.SignIn();
            scene ??= await FaultScene.Open(nodes, owner);
            if (point > 1)
                Assert.True(await scene.Drive(owner, point - 1), victim.Output);
            Volatile.Write(ref armed, true);
            if (!await scene.Drive(owner, point))
                continue;
            // One fewer than the run before may do: two outcomes that come at once are one append.
            Assert.InRange(Volatile.Read(ref seen), FewestAppends, point - 1);
            await scene.EachWasDoneOnce(owner, point);
            return point - 1;
        }
    }

    /// <summary>A workflow with all that a run can meet, and what must be true of its runs however often its node died.</summary>
    private sealed class FaultScene(NodeProcesses nodes, TestMember owner, string workflow, string called, string told, string endpoint)
    {
        public TestMember Owner => owner;

        public static async Task<FaultScene> Open(NodeProcesses nodes, TestMember owner)
        {
            await nodes.Connect(owner);
            var called = await PublishedWorkflows.Publish(owner, """
                format: 1
                name: Called
                trigger: { type: workflow }
                nodes: [{ id: call, type: http, settings: { connector: held, endpoint: call, body: "{{ trigger.input }}" } }]
                """);
            var told = await PublishedWorkflows.Publish(owner, """
                format: 1
                name: Told
                trigger: { type: workflow }
                nodes: [{ id: kept, type: transform, settings: { output: "{{ trigger.input }}" } }]
                """);
            var workflow = await PublishedWorkflows.Publish(owner, """
                format: 1
                name: Meets everything
                trigger: { type: api }
                error_workflow: Told
                nodes:
                  - { id: kept, type: transform, settings: { output: "{{ trigger.body * 10 }}" } }
                  - { id: counted, type: kv, settings: { action: increment, scope: organization, key: count } }
                  - { id: call, type: http, settings: { connector: held, endpoint: call, body: "{{ steps.kept }}" } }
                  - id: each
                    type: foreach
                    settings:
                      items: "{{ [1, 2, 3] }}"
                      concurrency: 2
                      body:
                        nodes: [{ id: send, type: http, settings: { connector: held, endpoint: call, body: "{{ item }}" } }]
                        output: "{{ steps.send.status }}"
                  - { id: child, type: workflow, settings: { workflow: Called, input: "{{ steps.kept }}" } }
                  - { id: pause, type: delay, settings: { for: 50ms } }
                  - { id: tell, type: emit, settings: { event: number.told, data: "{{ steps.kept }}" } }
                  - { id: ask, type: review, settings: { title: "Go on?", content: "{{ steps.kept }}", expires_in: 1h } }
                  - { id: ends, type: fail, settings: { message: "as it should" } }
                edges:
                  - { from: kept, to: counted }
                  - { from: counted, to: call }
                  - { from: call, to: each }
                  - { from: each, to: child }
                  - { from: child, to: pause }
                  - { from: pause, to: tell }
                  - { from: tell, to: ask }
                  - { from: ask, port: approved, to: ends }
                """);
            var endpoint = await owner.Post("/webhook-endpoints", new { name = "Told", url = $"http://127.0.0.2:{nodes.Service.Port}/told", event_types = new[] { "number.told" } }).Success();
            return new FaultScene(nodes, owner, workflow, called, told, endpoint.GetProperty("id").GetString()!);
        }

        /// <summary>Starts the run of that number, or finds it, approves what it asks and waits for its error workflow; false if the node died before.</summary>
        public async Task<bool> Drive(TestMember member, int number)
        {
            try
            {
                var run = await PublishedWorkflows.Start(member, workflow, number, $"run-{number}");
                await Condition.Holds(async () =>
                {
                    var shown = await member.Get($"/runs/{run}").Success();
                    var ask = shown.GetProperty("steps").EnumerateArray().SingleOrDefault(s => s.GetProperty("node").GetString() == "ask");
                    if (ask.ValueKind == JsonValueKind.Object && ask.GetProperty("status").GetString() == "waiting")
                        await Approve(member, ask.GetProperty("review_id").GetString()!);
                    return shown.GetProperty("status").GetString() == "failed";
                }, $"run {number} has ended");
                await Condition.Holds(async () => (await Runs(member, $"?parent_run_id={run}&status=succeeded")).Length == 2, $"what run {number} called and its error workflow have ended");
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        public async Task EachWasDoneOnce(TestMember member, int runs)
        {
            var (main, children) = (await Runs(member, $"?workflow_id={workflow}"), await Runs(member, $"?workflow_id={called}"));
            Assert.Equal((runs, runs, runs), (main.Length, children.Length, (await Runs(member, $"?workflow_id={told}")).Length));
            await Condition.Holds(
                async () => (await member.Get($"/webhook-endpoints/{endpoint}/deliveries?limit=200").Success()).GetProperty("items").EnumerateArray().Count(d => d.GetProperty("state").GetString() == "succeeded") == runs,
                "every event is delivered");
            // Four calls of the run and one of what it called, each under one key, and one event.
            string[] keys = [.. main.SelectMany(r => (string[])[$"{r}.call", $"{r}.each[0].send", $"{r}.each[1].send", $"{r}.each[2].send"]), .. children.Select(r => $"{r}.call")];
            Assert.Equal(keys.Order(StringComparer.Ordinal), nodes.Service.Calls.Keys.Where(k => k.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(keys.Length + runs, nodes.Service.Calls.Count);
            Assert.Equal(runs, (await member.Get("/kv/organization/count").Success()).GetProperty("value").GetInt32());
            foreach (var run in main)
            {
                var ended = (await member.Get($"/runs/{run}/journal").Success()).GetProperty("items").EnumerateArray()
                    .Where(e => e.GetProperty("event").GetString() is "step_succeeded" or "step_failed" or "items_finished" or "run_finished")
                    .Select(e => $"{e.GetProperty("event").GetString()} {e.GetProperty("node").GetString()}").ToArray();
                Assert.Equal(ended.Distinct(), ended);
                Assert.InRange(ended.Length, 9, 20);
            }
            Assert.Equal(3 * runs, (await member.Get("/audit-events?type=run.finished&limit=200").Success()).GetProperty("items").GetArrayLength());
            Assert.True((await member.Post("/audit/verify", null).Success()).GetProperty("valid").GetBoolean());
        }

        private static async Task Approve(TestMember member, string review)
        {
            var content = (await member.Get($"/reviews/{review}").Success()).GetProperty("content_sha256").GetString();
            var answer = await member.Post($"/reviews/{review}/decisions", new { decision = "approve", content_sha256 = content });
            // Decided already: the run has not heard of it yet.
            Assert.True(answer.IsSuccessStatusCode || await answer.Code() == "review.decided", $"The review was not decided: {answer.StatusCode}");
        }

        private static async Task<string[]> Runs(TestMember member, string query) =>
            [.. (await member.Get($"/runs{query}&limit=200").Success()).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];
    }
}
