using System.Globalization;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Tests.Runs;
using Fluxgate.Core.WorkflowTests;

namespace Fluxgate.Core.Tests.WorkflowTests;

public sealed class ReplayedRunTests
{
    private const int Cases = 1000;

    [Fact]
    public void F817_A_run_replayed_with_its_own_version_does_what_it_did()
    {
        var (kinds, entries) = (new HashSet<TraceKind>(), 0);
        for (var seed = 0; seed < Cases; seed++)
        {
            var run = new RandomRun(seed);
            var events = new List<RunEvent>();
            run.Play((turn, _) => events.AddRange(turn));
            var recording = new Recording(run.Id, run.Workflow, RunJournal.Read(RunJournal.Format, RunJournal.Write(events)));
            var replayed = Replay.Of(recording, run.Workflow, CancellationToken.None);
            var differences = Comparison.Differences(recording, replayed, 10);
            Assert.True(differences.Count == 0, string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {string.Join('\n', differences)}\n{run.Document}\n{string.Join('\n', events)}\n\nreplayed\n{string.Join('\n', replayed.Events)}"));
            Assert.Empty(Comparison.ChangedSteps(recording.State, replayed.State, 10));
            kinds.UnionWith(recording.Trace.Select(e => e.Kind));
            entries += recording.Trace.Count;
        }
        // The cases reach what they are about.
        Assert.Equal(Enum.GetValues<TraceKind>(), kinds.Order());
        Assert.True(entries > 2 * Cases, $"Only {entries} entries.");
    }
}
