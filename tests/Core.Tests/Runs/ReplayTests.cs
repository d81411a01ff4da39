using System.Globalization;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Runs;

namespace Fluxgate.Core.Tests.Runs;

public sealed class ReplayTests
{
    private const int Cases = 500;

    [Fact]
    public void What_the_journal_gives_back_is_the_live_state_step_by_step()
    {
        var ends = new Dictionary<RunStatus, int>();
        var kinds = new HashSet<Type>();
        for (var seed = 0; seed < Cases; seed++)
        {
            var run = new RandomRun(seed);
            var replayed = new RunState(run.Workflow);
            var end = run.Play((events, live) =>
            {
                foreach (var read in RunJournal.Read(RunJournal.Format, RunJournal.Write(events)))
                {
                    kinds.Add(read.GetType());
                    replayed.Apply(read);
                }
                Assert.True(Text(live) == Text(replayed), $"Seed {seed}: live\n{Text(live)}\nreplayed\n{Text(replayed)}\n{run.Document}");
            });
            ends[end.Status] = ends.GetValueOrDefault(end.Status) + 1;
        }
        // The cases reach what they are about.
        Assert.Equal(typeof(RunEvent).Assembly.GetTypes().Where(t => t.BaseType == typeof(RunEvent)).OrderBy(t => t.Name), kinds.OrderBy(t => t.Name));
        foreach (var status in (RunStatus[])[RunStatus.Succeeded, RunStatus.Failed, RunStatus.Cancelled, RunStatus.TimedOut])
            Assert.True(ends.GetValueOrDefault(status) > 10, $"Only {ends.GetValueOrDefault(status)} runs ended as {status}.");
    }

    [Fact]
    public void The_same_events_written_twice_are_the_same_bytes()
    {
        for (var seed = 0; seed < 50; seed++)
            new RandomRun(seed).Play((events, _) =>
            {
                var written = RunJournal.Write(events);
                Assert.Equal(written, RunJournal.Write(RunJournal.Read(RunJournal.Format, written)));
            });
    }

    /// <summary>All of the state that anything can see, values with their types.</summary>
    private static string Text(RunState state)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{state.Status} {state.TriggerType} {state.StartedAt.UtcTicks} {state.FinishedAt?.UtcTicks} {state.Error} {state.Parent} {state.DataBytes} {state.LoopSteps} {state.HandlesError} {state.Starter} {state.Deadline?.UtcTicks}");
        text.AppendLine(CultureInfo.InvariantCulture, $"trigger {Text(state.Trigger)} output {Text(state.Output)}");
        if (state.Response is { } response)
            text.AppendLine(CultureInfo.InvariantCulture, $"response {response.Status} {Text(response.Headers)} {Text(response.Body)}");
        foreach (var (path, step) in state.Root.StepsWithin(ended: true).Select(p => (p.Path, p.Step)))
            text.AppendLine(CultureInfo.InvariantCulture, $"{path} {step.Status} {step.Attempt} {step.Loop?.Count} {step.Loop?.Ended} {step.Port} {step.StartedAt?.UtcTicks} {step.FinishedAt?.UtcTicks} {step.DueAt?.UtcTicks} {step.ReviewId} {step.Signal} {step.Child} {step.TakenFrom} {step.IsOutcomeUnknown} {step.Error} {Text(step.Output)}");
        text.Append(Text(state.Root.Outputs));
        return text.ToString();
    }

    private static string Text(CelValue value) => value.Kind switch
    {
        CelKind.List => $"[{string.Join(',', value.AsList.Select(Text))}]",
        CelKind.Map => $"{{{string.Join(',', value.AsMap.Select(m => $"{Text(m.Key)}:{Text(m.Value)}").Order(StringComparer.Ordinal))}}}",
        _ => $"{value.Kind}({Encoding.UTF8.GetString(value.ToJson())})",
    };
}
