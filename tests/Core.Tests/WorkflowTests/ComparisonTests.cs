using System.Globalization;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Core.WorkflowTests;

namespace Fluxgate.Core.Tests.WorkflowTests;

/// <summary>One recorded run, and what another version of its workflow makes of it.</summary>
public sealed class ComparisonTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private const string Head = """{"format":1,"name":"T","trigger":{"type":"api"},"output":{"paid":"{{ steps.pay.id }}"},""";

    private const string Total = """{"id":"total","type":"transform","settings":{"output":"{{ trigger.body.net * 2 }}"}}""";

    private const string Pay = """{"id":"pay","type":"http","retry":{"attempts":2},"settings":{"connector":"bank","endpoint":"pay","body":{"amount":"{{ steps.total }}","at":"{{ now }}"}}}""";

    private const string Base = Head + $$"""
        "nodes":[{{Total}},{{Pay}}],"edges":[{"from":"total","to":"pay"}]}
        """;

    [Fact]
    public void F817_Another_calculation_shows_where_it_reaches_the_outside_and_which_step_began_it()
    {
        var (recording, replayed) = Replayed(Base.Replace("net * 2", "net * 3", StringComparison.Ordinal));
        Assert.Equal("Changed Call pay 1 /settings/body/amount 14 21", Assert.Single(Texts(recording, replayed), t => t.Contains("pay 1", StringComparison.Ordinal)));
        Assert.Equal(["total"], Comparison.ChangedSteps(recording.State, replayed.State, 10));
    }

    [Fact]
    public void F817_The_recorded_attempts_are_made_with_the_time_at_which_the_step_began()
    {
        var (recording, replayed) = Replayed(Base);
        Assert.Empty(Texts(recording, replayed));
        var calls = recording.Trace.Where(e => e.Kind == TraceKind.Call).ToList();
        Assert.Equal([1, 2], calls.Select(c => c.Attempt));
        Assert.Equal(calls[0].Content, calls[1].Content);
        Assert.Equal(RunStatus.Succeeded, replayed.State.Status);
    }

    [Fact]
    public void F817_Fewer_attempts_end_with_the_failure_that_was_recorded()
    {
        var (recording, replayed) = Replayed(Base.Replace("\"attempts\":2", "\"attempts\":1", StringComparison.Ordinal));
        var texts = Texts(recording, replayed);
        Assert.Contains("Changed End  1 /status \"succeeded\" \"failed\"", texts);
        Assert.Contains("Added End  1 /code  \"http.status\"", texts);
        Assert.StartsWith("Missing Call pay 2  {", texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void F817_A_call_that_was_not_recorded_is_a_difference_and_fails_by_its_error_port()
    {
        var (recording, replayed) = Replayed(Head + $$$"""
            "nodes":[{{{Total}}},{{{Pay}}},{"id":"tell","type":"http","on_error":"error","settings":{"connector":"chat","endpoint":"post"}},{"id":"noted","type":"transform","settings":{"output":"{{ steps.tell.code }}"}}],
            "edges":[{"from":"total","to":"tell"},{"from":"tell","port":"error","to":"noted"},{"from":"noted","to":"pay"}]}
            """);
        Assert.Equal(["Added Call tell 1   {\"type\":\"http\",\"settings\":{\"connector\":\"chat\",\"endpoint\":\"post\"}}"], Texts(recording, replayed));
        Assert.Equal(Replay.NotRecorded, replayed.State.PlaceOf("noted").Step.Output.AsString);
        Assert.Equal(RunStatus.Succeeded, replayed.State.Status);
    }

    [Theory]
    [InlineData("""{"id":"ask","type":"review","settings":{"title":"Pay?","content":1,"approvers":{"groups":["g"]},"expires_in":"1h"}}""", "approved")]
    [InlineData("""{"id":"ask","type":"wait","settings":{"signal":"go","expires_in":"1h"}}""", "received")]
    [InlineData("""{"id":"ask","type":"workflow","settings":{"workflow":"other"},"on_error":"continue"}""", "out")]
    public void F817_Whoever_was_not_asked_when_it_was_recorded_gives_no_answer_and_time_does_not_either(string asking, string port)
    {
        var (recording, replayed) = Replayed(Head + $$"""
            "nodes":[{{Total}},{{Pay}},{{asking}}],"edges":[{"from":"total","to":"ask"},{"from":"ask","port":"{{port}}","to":"pay"}]}
            """);
        var texts = Texts(recording, replayed);
        Assert.StartsWith("Added", texts[0], StringComparison.Ordinal);
        Assert.Contains(" ask 1 ", texts[0], StringComparison.Ordinal);
        if (port != "out")
            Assert.Equal((Replay.NotRecorded, "ask"), (replayed.State.Error!.Code, replayed.State.Error.Node));
    }

    [Fact]
    public void F817_A_longer_delay_is_a_difference_and_moves_what_comes_after()
    {
        const string resting = Head + $$$"""
            "nodes":[{{{Total}}},{"id":"rest","type":"delay","settings":{"for":"1m"}},{{{Pay}}}],"edges":[{"from":"total","to":"rest"},{"from":"rest","to":"pay"}]}
            """;
        var (recording, replayed) = Replayed(resting.Replace("1m", "2h", StringComparison.Ordinal), resting);
        Assert.Equal(
            ["Changed Delay rest 1 /seconds 60 7200", "Changed Call pay 1 /settings/body/at \"2024-10-04T00:01:01Z\" \"2024-10-04T02:00:01Z\"", "Changed Call pay 2 /settings/body/at \"2024-10-04T00:01:01Z\" \"2024-10-04T02:00:01Z\""],
            Texts(recording, replayed));
    }

    [Fact]
    public void F817_The_number_of_differences_is_bounded()
    {
        var (recording, replayed) = Replayed(Base.Replace("\"amount\":", "\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"amount\":", StringComparison.Ordinal));
        Assert.Equal(8, Comparison.Differences(recording, replayed, 100).Count);
        Assert.Equal(3, Comparison.Differences(recording, replayed, 3).Count);
    }

    [Fact]
    public void F817_What_a_loop_asks_in_all_is_bounded()
    {
        string Asking(int items) => $$$"""
            {"format":1,"name":"T","trigger":{"type":"api"},"nodes":[{"id":"each","type":"foreach","settings":{"items":{{{string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', Enumerable.Range(0, items))}]")}}},
              "body":{"nodes":[{"id":"ask","type":"http","retry":{"attempts":2},"settings":{"connector":"c","endpoint":"e","body":"{{ trigger.body.text + string(item) }}"} }] } } }]}
            """;
        var id = new RunId(Guid.Empty);
        var (few, many) = (Read(Asking(4)), Read(Asking(40)));
        Assert.False(new Recording(id, few, Play(few, id)).IsTooLarge);
        var large = new Recording(id, many, Play(many, id));
        Assert.True(large.IsTooLarge);
        Assert.True(large.Trace.Sum(e => e.Content.ToJson().Length) <= RunLimits.RunBytes);
    }

    private static List<string> Texts(Recording recording, Recording replayed) =>
        [.. Comparison.Differences(recording, replayed, 100).Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Change} {d.Kind} {d.Step} {d.Attempt} {d.Pointer} {Json(d.Expected)} {Json(d.Actual)}"))];

    private static string Json(CelValue? value) => value is { } some ? Encoding.UTF8.GetString(some.ToJson()) : "";

    /// <summary>The run of <paramref name="recorded"/>, whose call fails once and then succeeds, and the same with another document.</summary>
    private static (Recording Recording, Recording Replayed) Replayed(string document, string recorded = Base)
    {
        var id = new RunId(Guid.Empty);
        var recording = new Recording(id, Read(recorded), Play(Read(recorded), id));
        Assert.Equal(RunStatus.Succeeded, recording.State.Status);
        return (recording, Replay.Of(recording, Read(document), CancellationToken.None));
    }

    private static Workflow Read(string document)
    {
        var read = WorkflowReader.Read(document, DocumentFormat.Json);
        Assert.True(read.Succeeded, $"{string.Join("; ", read.Error?.Fields ?? [])}\n{document}");
        return read.Value;
    }

    private static List<RunEvent> Play(Workflow workflow, RunId id)
    {
        var state = new RunState(workflow);
        var decider = new RunDecider(state, id, static () => Guid.Empty, static () => 0);
        var events = new List<RunEvent> { new RunStarted(Start, "api", CelValue.FromJson(Encoding.UTF8.GetBytes($$$"""{"type":"api","body":{"net":7,"text":"{{{new string('x', 300_000)}}}"} }"""))) };
        state.Apply(events[0]);
        var (now, effects) = (Start.AddSeconds(1), new List<StepPlace>());
        decider.Advance(now, events, effects);
        while (!state.Status.IsFinal())
        {
            now = decider.NextDue is { } due && effects.Count == 0 ? due : now.AddSeconds(1);
            foreach (var place in effects.ToArray())
            {
                effects.Remove(place);
                if (place.Step.Attempt == 1)
                    decider.Complete(place, Error.Refused("http.status", "503"), retryable: true, null, now, events);
                else
                    decider.Complete(place, CelValue.FromJson("""{"id":"p-1"}"""u8), retryable: false, null, now, events);
            }
            decider.Advance(now, events, effects);
        }
        return events;
    }
}
