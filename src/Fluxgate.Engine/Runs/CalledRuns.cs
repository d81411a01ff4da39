using Fluxgate.Core.Runs;
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
            foreach (var place in state.GivenUpBy(recorded))
                if (place.Step.Child is { } open && place.Node.WaitsForCalled)
                    Tell(open, Cancel(identity));
            if (recorded is RunFinished finished && state.Parent is { Waits: true } parent)
                Tell(parent.Run, new ChildEnded(identity.Run, finished.Status, finished.Output, finished.Error));
            else if (recorded is StepFailed { Error.Code: StepError.TimedOut } late && state.PlaceOf(late.Node).Step.Child is { } slow)
            {
                Tell(slow, Cancel(identity));
            }
        }
        return rows ?? (IReadOnlyList<SentSignal>)[];
    }

    private static CancelRequested Cancel(RunIdentity identity) => new($"run {identity.Run}");
}
