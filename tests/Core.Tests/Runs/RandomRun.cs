using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Tests.Runs;

/// <summary>A workflow and a course of events, both made from a seed: outcomes, retries, decisions, expiries, cancellations in any order.</summary>
internal sealed class RandomRun
{
    /// <summary>The last is for steps alone.</summary>
    private static readonly string[] Outputs =
    [
        "1", "2.5", "100.0", "true", "null", "\"text \\u00e9 \\ud83d\\ude00\"", "[1, [2.0, {\"a\": null}]]", "{\"k\": \"v\", \"n\": 1e3}",
        "\"{{ trigger.body }}\"", "\"{{ now }}\"", "\"{{ duration('90s') }}\"", "\"{{ [1u, b'xy', 1.0/3.0] }}\"", "\"{{ {1: 'a', true: 'b'} }}\"", "\"{{ trigger.body.missing }}\"",
        "\"{{ run.id + string(run.started_at) }}\"", "\"{{ [dyn(1), 2.0, optional.none()] }}\"", "\"{{ kv('counter') }}\"",
    ];

    private static readonly string[] Types = ["transform", "transform", "transform", "condition", "http", "http", "workflow", "workflow", "foreach", "foreach", "delay", "review", "wait", "wait", "switch", "merge", "filter", "aggregate", "emit", "respond", "fail"];

    private readonly Random random;
    private readonly Workflow workflow;
    private DateTimeOffset now = DateTimeOffset.UnixEpoch.AddDays(20_000).AddTicks(1);

    public RandomRun(int seed)
    {
        random = new Random(seed);
        Document = NewDocument();
        var read = WorkflowReader.Read(Document, DocumentFormat.Json);
        Assert.True(read.Succeeded, $"{string.Join("; ", read.Error?.Fields ?? [])}\n{Document}");
        workflow = read.Value;
    }

    public string Document { get; }

    public Workflow Workflow => workflow;

    public RunId Id { get; private set; }

    /// <summary>Plays the run to its end; <paramref name="onAppend"/> gets each turn's events and the live state after them.</summary>
    public RunState Play(Action<IReadOnlyList<RunEvent>, RunState> onAppend)
    {
        var state = new RunState(workflow);
        Id = new RunId(NewGuid());
        var decider = new RunDecider(state, Id, NewGuid, random.NextDouble);
        var trigger = CelValue.FromJson(Encoding.UTF8.GetBytes("""{"type":"api","body":{"n":3,"f":7.0,"list":[1.5,"x",null]}}"""));
        var started = new RunStarted(now, "api", trigger) { Parent = random.Next(4) == 0 ? new RunParent(new RunId(NewGuid()), "call", random.Next(1, RunLimits.CallDepth + 1), random.Next(2) == 0) : null, HandlesError = random.Next(4) == 0, RetryOf = random.Next(4) == 0 ? new RunId(NewGuid()) : null, Starter = random.Next(2) == 0 ? new UserId(NewGuid()) : null, Deadline = random.Next(3) == 0 ? now.AddSeconds(random.Next(5000)) : null };
        state.Apply(started);
        var running = new List<StepPlace>();
        var turn = new List<RunEvent> { started };
        TakeOver(state, turn);
        decider.Advance(now, turn, running);
        onAppend(turn, state);
        for (var step = 0; !state.Status.IsFinal(); step++)
        {
            Assert.True(step < 3000, "The run does not end.");
            turn = [];
            now = now.AddTicks(random.Next(1, 50_000_000)).ToOffset(TimeSpan.FromHours(random.Next(-11, 12)));
            Happen(decider, state, running, turn);
            decider.Advance(now, turn, running);
            if (random.Next(10) == 0)
            {
                turn.Add(new RunClaimed(now, NewGuid()));
                state.Apply(turn[^1]);
                running.RemoveAll(p => p.IsInFlight);
                decider.TakeUp(now, turn, running);
            }
            onAppend(turn, state);
        }
        return state;
    }

    private void Happen(RunDecider decider, RunState state, List<StepPlace> running, List<RunEvent> turn)
    {
        if (random.Next(60) == 0)
        {
            decider.Receive(new CancelRequested("somebody"), now, turn);
        }
        else if (running.Count > 0 && random.Next(3) > 0)
        {
            var node = running[random.Next(running.Count)];
            running.Remove(node);
            if (decider.NeedsKeyValues(node))
            {
                Result<CelValue> read = random.Next(5) > 0 ? CelValue.FromJson("{\"counter\":7.0}"u8) : new Error("kv.unreadable", ErrorKind.Unavailable, "no");
                decider.Read(node, read, now, turn);
                return;
            }
            if (node.Step.Child is { } child)
            {
                Call(decider, node, child, turn);
                return;
            }
            Result<CelValue> outcome = random.Next(3) > 0
                ? CelValue.FromJson(Encoding.UTF8.GetBytes(random.Next(2) == 0 ? """{"status":200,"body":{"x":1.0,"y":-0.0}}""" : "[true]"))
                : new Error("http.status", ErrorKind.Refused, new string('m', random.Next(3000)));
            decider.Complete(node, outcome, retryable: random.Next(2) == 0, random.Next(4) == 0 ? TimeSpan.FromSeconds(random.Next(90)) : null, now, turn);
        }
        else if (AllSteps(state).FirstOrDefault(s => s is { Status: StepStatus.Waiting or StepStatus.Running, Child: not null }) is { Child: { } called } && random.Next(2) == 0)
        {
            decider.Receive(EndOf(random.Next(6) == 0 ? new RunId(NewGuid()) : called), now, turn);
        }
        else if (state.Root.StepsWithin(ended: false).FirstOrDefault(p => p.Step.IsOutcomeUnknown) is { Graph: not null } unknown && random.Next(2) == 0)
        {
            decider.Receive(new OutcomeDecided(random.Next(6) == 0 ? "elsewhere" : unknown.Path, (DecidedOutcome)random.Next(3), CelValue.FromJson("""{"status":200.0}"""u8), "d@example.test", "I looked"), now, turn);
        }
        else if (AllSteps(state).FirstOrDefault(s => s is { Status: StepStatus.Waiting, ReviewId: not null }) is { } asking && random.Next(2) == 0)
        {
            decider.Receive(new ReviewDecided(random.Next(5) == 0 ? NewGuid() : asking.ReviewId!.Value, random.Next(2) == 0, "r@example.test", random.Next(2) == 0 ? null : "because"), now, turn);
        }
        else if (random.Next(4) == 0)
        {
            decider.Receive(new SignalSent(random.Next(3) == 0 ? "other" : "go", CelValue.FromJson("{\"n\":1.0}"u8), "s@example.test"), now, turn);
        }
        else if (decider.NextDue is { } due && due > now)
        {
            now = due.AddTicks(random.Next(10));
        }
    }

    /// <summary>Now and then the first step has its result from another run.</summary>
    private void TakeOver(RunState state, List<RunEvent> turn)
    {
        var (first, other) = (workflow.Nodes[0], new RunId(NewGuid()));
        if (random.Next(5) > 0 || first.Ports.Count == 0)
            return;
        turn.Add(random.Next(3) == 0
            ? new StepTakenOver(now, first.Id, other, StepStatus.Filtered, CelValue.Null, null)
            : new StepTakenOver(now, first.Id, other, StepStatus.Succeeded, CelValue.FromJson("""{"n":1.0}"""u8), first.Ports[0]));
        state.Apply(turn[^1]);
    }

    /// <summary>The start of a called run is answered, and now and then its end comes before.</summary>
    private void Call(RunDecider decider, StepPlace node, RunId child, List<RunEvent> turn)
    {
        if (random.Next(4) == 0)
            decider.Receive(EndOf(child), now, turn);
        decider.Called(node, random.Next(8) == 0 ? new RunId(NewGuid()) : child, random.Next(5) == 0 ? new Error("workflow.not_published", random.Next(2) == 0 ? ErrorKind.Unavailable : ErrorKind.NotFound, "no") : null, now, turn);
    }

    private ChildEnded EndOf(RunId child) => random.Next(3) > 0
        ? new ChildEnded(child, RunStatus.Succeeded, CelValue.FromJson("""{"n":1.0}"""u8), null)
        : new ChildEnded(child, RunStatus.Failed, CelValue.Null, new StepError("node.failed", "no", "there"));

    private static IEnumerable<StepState> AllSteps(RunState state) => state.Root.StepsWithin(ended: false).Select(p => p.Step);

    private string NewDocument()
    {
        var count = random.Next(1, 9);
        var types = Enumerable.Range(0, count).Select(_ => Types[random.Next(Types.Length)]).ToArray();
        var onError = types.Select(_ => (string[])["fail", "continue", "error"]).Select(o => o[random.Next(3)]).ToArray();
        var edges = new List<string>();
        for (var to = 1; to < count; to++)
            for (var from = 0; from < to; from++)
            {
                var ports = (types[from] switch
                {
                    "condition" => ["true", "false"],
                    "review" => ["approved", "rejected", "expired"],
                    "wait" => ["received", "expired"],
                    "switch" => ["2", "3", "default"],
                    "fail" => (string[])[],
                    _ => ["out"],
                }).Concat(onError[from] == "error" ? ["error"] : []).ToArray();
                if (ports.Length > 0 && random.Next(3) == 0)
                    edges.Add($$"""{"from":"n{{from}}","port":"{{ports[random.Next(ports.Length)]}}","to":"n{{to}}"}""");
            }
        var nodes = types.Select((type, i) =>
        {
            var when = random.Next(6) == 0 ? """,  "when": "{{ trigger.body.n > 5 }}" """ : "";
            return $$"""{"id":"n{{i}}","type":"{{type}}","on_error":"{{onError[i]}}","settings":{{Settings(type, $"n{i}")}}{{(type == "foreach" ? "" : ",\"retry\":{\"attempts\":3,\"initial\":\"1s\"}")}}{{(type == "http" && random.Next(2) == 0 ? ",\"on_unknown\":\"stop\"" : "")}}{{(type == "workflow" && random.Next(2) == 0 ? ",\"timeout\":\"90s\"" : "")}}{{when}}}""";
        });
        return $$$"""{"format":1,"name":"R","trigger":{"type":"api"},"nodes":[{{{string.Join(',', nodes)}}}],"edges":[{{{string.Join(',', edges.Distinct())}}}],"output":{"o":{{{Outputs[random.Next(Outputs.Length - 1)]}}}}}""";
    }

    private string Settings(string type, string id) => type switch
    {
        "transform" => $$"""{"output":{{Outputs[random.Next(Outputs.Length)]}}}""",
        "condition" => random.Next(2) == 0 ? """{"when":"{{ trigger.body.n > 2 }}"}""" : """{"when":"{{ trigger.body.f == 0.0 }}"}""",
        "http" => """{"connector":"c","endpoint":"e"}""",
        "workflow" => random.Next(4) == 0 ? """{"workflow":"other","mode":"async"}""" : """{"workflow":"other","input":"{{ trigger.body.n }}"}""",
        "foreach" => Loop(id),
        "delay" => random.Next(2) == 0 ? """{"for":"90s"}""" : """{"until":"2024-10-04T12:00:00.1234567+02:00"}""",
        "review" => $$"""{"title":"T é","content":{{Outputs[random.Next(Outputs.Length)]}},"approvers":{"groups":["g"]},"expires_in":"1h"}""",
        "wait" => random.Next(2) == 0 ? """{"signal":"go","expires_in":"1h"}""" : """{"signal":"go"}""",
        "switch" => random.Next(3) == 0 ? """{"value":"{{ trigger.body.n - 1 }}","cases":["2","3"]}""" : """{"value":"{{ trigger.body.list[1] }}","cases":["2","3"]}""",
        "merge" => "{}",
        "filter" => """{"items":"{{ trigger.body.list }}","where":"{{ item != 'x' && index < 2 }}"}""",
        "aggregate" => random.Next(2) == 0
            ? """{"items":"{{ [1, 2.5, 1] }}","function":"sum","group_by":"{{ item }}"}"""
            : """{"items":"{{ trigger.body.list }}","function":"max"}""",
        "emit" => $$"""{"event":"a.b","data":{{Outputs[random.Next(Outputs.Length)]}}}""",
        "respond" => $$"""{"status":201,"headers":{"X-A":"b"},"body":{{Outputs[random.Next(Outputs.Length)]}}}""",
        _ => """{"message":"no {{ trigger.body.n }}"}""",
    };

    /// <summary>A loop over a few items: of a chain of two steps with whatever they may meet, now and then a loop in it; or of calls.</summary>
    private string Loop(string id)
    {
        var common = $$$"""
            "items":"{{ trigger.body.{{{(random.Next(5) == 0 ? "missing" : "list")}}} }}","concurrency":{{{random.Next(1, 4)}}},"on_item_error":"{{{(random.Next(2) == 0 ? "fail" : "continue")}}}"
            """;
        if (random.Next(4) == 0)
            return $$$"""{ {{{common}}}, "workflow": "other", "input": "{{ [item, index] }}" }""";
        string Inner() => Types[random.Next(Types.Length)] is var type && (type != "foreach" || id.Length < 6) ? type : "http";
        var (first, second) = (Inner(), random.Next(2) == 0 ? "http" : "transform");
        var port = first switch { "condition" => "true", "review" => "approved", "wait" => "received", "switch" => "3", "fail" => "error", _ => "out" };
        var onError = first == "fail" || random.Next(3) == 0 ? ",\"on_error\":\"error\"" : "";
        var settings = second == "http" ? Settings(second, "") : """{"output":"{{ item }}"}""";
        return $$$"""
            { {{{common}}}, "body": { "nodes": [
                { "id": "{{{id}}}a", "type": "{{{first}}}", "settings": {{{Settings(first, id + "a")}}} {{{onError}}} },
                { "id": "{{{id}}}b", "type": "{{{second}}}", "settings": {{{settings}}} } ],
              "edges": [{ "from": "{{{id}}}a", "port": "{{{port}}}", "to": "{{{id}}}b" }], "output": { "i": "{{ index }}", "of": "{{ item }}" } } }
            """;
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
