using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Runs;

/// <summary>What runs that call each other are told in the append that makes it true: the caller the end, the called that nobody waits any more.</summary>
internal static class CalledRuns
{
    public static IReadOnlyList<SentSignal> Signals(RunIdentity identity, RunState state, List<RunEvent> events, OrganizationCipher cipher, TimeProvider clock)
    {
        List<SentSignal>? rows = null;
        void Tell(Core.Kernel.RunId to, RunSignal signal) => (rows ??= []).Add(RunSignals.Row(to, signal, cipher, clock));

        foreach (var recorded in events)
        {
            if (recorded is RunFinished finished)
            {
                if (state.Parent is { Waits: true } parent)
                    Tell(parent.Run, new ChildEnded(identity.Run, finished.Status, finished.Output, finished.Error));
                foreach (var (index, step) in state.Steps.Index())
                    if (step is { Status: StepStatus.Cancelled, Child: { } open } && state.Workflow.Nodes[index].WaitsForCalled)
                        Tell(open, Cancel(identity));
            }
            else if (recorded is StepFailed { Error.Code: StepError.TimedOut } late && state.Steps[state.Workflow.IndexOf(late.Node)].Child is { } slow)
            {
                Tell(slow, Cancel(identity));
            }
        }
        return rows ?? (IReadOnlyList<SentSignal>)[];
    }

    private static CancelRequested Cancel(RunIdentity identity) => new($"run {identity.Run}");
}
