using System.Collections.Concurrent;
using System.Diagnostics;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>F816, abuse 19: three nodes under load, every three seconds one of those that are up killed and replaced.</summary>
[CollectionDefinition(nameof(RandomKillsTests), DisableParallelization = true)]
[Collection(nameof(RandomKillsTests))]
public sealed class RandomKillsTests
{
    private const int Senders = 4;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(3);

    /// <summary>Of a sender: with none, the load leaves a node that starts beside it on two cores no time to start in.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task F816_Nodes_killed_at_random_under_load_lose_no_run_and_record_no_effect_twice()
    {
        await using var nodes = await NodeProcesses.Open();
        nodes.Service.Release();
        // One after the other: the first makes the schema, and three at once on two cores take longer.
        var places = new[] { await Place.Open(nodes), await Place.Open(nodes), await Place.Open(nodes) };
        var owner = places[0].Member;
        await nodes.Connect(owner);
        var workflow = await PublishedWorkflows.Publish(owner, """
            format: 1
            name: Counts
            trigger: { type: api }
            nodes:
              - { id: call, type: http, settings: { connector: held, endpoint: call, body: "{{ trigger.body }}" } }
              - { id: counted, type: kv, settings: { action: increment, scope: organization, key: count } }
            edges: [{ from: call, to: counted }]
            """);

        var accepted = new ConcurrentBag<string>();
        var watch = Stopwatch.StartNew();
        var kills = new List<Task>();
        var killing = true;
        var senders = Enumerable.Range(0, Senders).Select(s => Send(places, workflow, s, accepted, () => watch.Elapsed < Load || Volatile.Read(ref killing))).ToArray();
        for (var due = BetweenKills; due < Load; due += BetweenKills)
        {
            if (due > watch.Elapsed)
                await Task.Delay(due - watch.Elapsed);
            await Condition.Holds(() => Task.FromResult(places.Any(p => p.IsUp)), "a node is up", seconds: 60);
            var up = places.Where(p => p.IsUp).ToArray();
            kills.Add(up[Random.Shared.Next(up.Length)].Replace());
        }
        await Task.WhenAll(kills);
        Volatile.Write(ref killing, false);
        await Task.WhenAll(senders);

        owner = places[0].Member;
        await Condition.Holds(async () => await nodes.Count("select count(*) from run_work") == 0, "no run is left", seconds: 120);
        Assert.Equal(accepted.Count, accepted.Distinct().Count());
        Assert.Equal(accepted.Count, await nodes.Count("select count(*) from runs where status = 'succeeded'"));
        Assert.Equal(accepted.Count, await nodes.Count("select count(*) from runs"));
        Assert.Equal(accepted.Count, await nodes.Count("select count(*) from audit_events where type = 'run.finished'"));
        Assert.Equal(accepted.Order(StringComparer.Ordinal), nodes.Service.Calls.Keys.Select(k => k.Split('.')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(accepted.Count, (await owner.Get("/kv/organization/count").Success()).GetProperty("value").GetInt32());
        Assert.True((await owner.Post("/audit/verify", null).Success()).GetProperty("valid").GetBoolean());
        Assert.Equal(9, kills.Count);
        // Enough that each of the nine kills met some, on a busy machine too.
        Assert.InRange(accepted.Count, 100, int.MaxValue);
    }

    /// <summary>Starts one run after the other; one that no node has accepted is asked for again under its key, wherever.</summary>
    private static async Task Send(Place[] places, string workflow, int sender, ConcurrentBag<string> accepted, Func<bool> goesOn)
    {
        for (var number = 0; goesOn(); number++)
        {
            await Task.Delay(Pause);
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    accepted.Add(await PublishedWorkflows.Start(places[(sender + number + attempt) % places.Length].Member, workflow, number, $"{sender}-{number}"));
                    break;
                }
                catch (HttpRequestException)
                {
                    // The node was killed. The next place may be between two nodes as well.
                    await Task.Delay(20);
                }
            }
        }
    }

    /// <summary>Where a node is, and another once that was killed.</summary>
    private sealed class Place(NodeProcesses nodes, NodeProcess node, TestMember member)
    {
        private NodeProcess node = node;
        private volatile TestMember member = member;

        public TestMember Member => member;

        public static async Task<Place> Open(NodeProcesses nodes)
        {
            var node = await nodes.Start();
            return new Place(nodes, node, await node.SignIn());
        }

        public bool IsUp { get; private set; } = true;

        public async Task Replace()
        {
            IsUp = false;
            await node.Kill();
            node = await nodes.Start();
            member = await node.SignIn();
            IsUp = true;
        }
    }
}
