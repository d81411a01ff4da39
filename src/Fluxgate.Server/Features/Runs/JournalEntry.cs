using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;

namespace Fluxgate.Server.Features.Runs;

/// <summary>One fact of the run, without its data: the timeline. <paramref name="Until"/> is the next attempt or the end of a wait, <paramref name="Item"/> the place of a loop's item, from 0.</summary>
public sealed record JournalEntry(DateTimeOffset At, string Event, string? Node, int? Attempt, string? Port, RunError? Error, DateTimeOffset? Until, int? Item = null)
{
    internal static JournalEntry Of(RunEvent recorded, SensitiveData sensitive)
    {
        var name = SnakeCase.From(recorded.GetType().Name);
        return recorded switch
        {
            KeyValuesRead e => new(e.At, name, e.Node, null, null, null, null),
            StepStarted e => new(e.At, name, e.Node, e.Attempt, null, null, null),
            OutcomeUnknown e => new(e.At, name, e.Node, null, null, null, null),
            StepSucceeded e => new(e.At, name, e.Node, null, e.Port, null, null),
            StepFailed e => new(e.At, name, e.Node, e.Attempt, null, sensitive.Show(e.Error).Error, e.RetryAt),
            StepTakenOver e => new(e.At, name, e.Node, null, e.Port, null, null),
            StepFiltered e => new(e.At, name, e.Node, null, null, null, null),
            StepDelayed e => new(e.At, name, e.Node, null, null, null, e.Until),
            ReviewRequested e => new(e.At, name, e.Node, null, null, null, e.ExpiresAt),
            SignalAwaited e => new(e.At, name, e.Node, null, null, null, e.ExpiresAt),
            ChildRequested e => new(e.At, name, e.Node, e.Attempt, null, null, null),
            ChildAwaited e => new(e.At, name, e.Node, null, null, null, e.ExpiresAt),
            ItemsStarted e => new(e.At, name, e.Node, null, null, null, null),
            ItemStarted e => new(e.At, name, e.Node, null, null, null, null, e.Index),
            ItemFinished e => new(e.At, name, e.Node, null, null, sensitive.Show(e.Error).Error, null, e.Index),
            ItemsFinished e => new(e.At, name, e.Node, null, null, null, null),
            EventEmitted e => new(e.At, name, e.Node, null, null, null, null),
            Responded e => new(e.At, name, e.Node, null, null, null, null),
            RunFinished e => new(e.At, name, null, null, null, sensitive.Show(e.Error).Error, null),
            _ => new(recorded.At, name, null, null, null, null, null),
        };
    }
}
