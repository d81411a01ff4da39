using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>Loops: each item is a graph of its own within the run's.</summary>
public sealed partial class RunDecider
{
    /// <summary>
    /// Events after which a turn of a run with loops stops for breath: what it has done becomes durable, and a
    /// cancellation is heard.
    /// </summary>
    private const int EventsATurn = 500;

    private void StartItems(StepPlace place, CelValue settings, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (!settings.TryGetMember("items", out var items) || items.Kind != CelKind.List)
        {
            Fail(place, Error.Refused("list.not_a_list", "'items' gives a list."), now, recorded);
            return;
        }
        var concurrency = settings.TryGetMember("concurrency", out var given) ? given : CelValue.From(1L);
        if (concurrency.Kind != CelKind.Int || concurrency.AsInt is < 1 or > NodeTypes.LoopConcurrency)
        {
            Fail(place, Error.Refused("foreach.concurrency", $"'concurrency' is a whole number from 1 to {NodeTypes.LoopConcurrency}."), now, recorded);
            return;
        }
        var count = items.AsList.Count;
        if (count > RunLimits.LoopItems || state.LoopSteps + (long)count * place.Node.Body!.Nodes.Count > RunLimits.LoopSteps)
        {
            Fail(place, new Error("foreach.too_many_items", ErrorKind.TooLarge, $"A loop takes {RunLimits.LoopItems} items, and all loops of a run make {RunLimits.LoopSteps} steps, at most; this one has {count} items of {place.Node.Body!.Nodes.Count} steps."), now, recorded);
            return;
        }
        Record(new ItemsStarted(now, place.Path, JsonShape.Of(items), (int)concurrency.AsInt), recorded);
    }

    private bool AdvanceLoop(StepPlace place, LoopState loop, DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        var before = recorded.Count;
        foreach (var index in loop.Active.ToArray())
            if (place.Step.Status == StepStatus.Running && !HasMore)
                AdvanceItem(place, loop, index, now, recorded, effects);
        while (place.Step.Status == StepStatus.Running && loop.HasNext && loop.HasPlace && !HasMore)
        {
            Record(new ItemStarted(now, place.Path, loop.Begun.Count), recorded);
            AdvanceItem(place, loop, loop.Begun.Count - 1, now, recorded, effects);
        }
        if (place.Step.Status == StepStatus.Running && loop.Ended == loop.Count)
            EndItems(place, loop, now, recorded);
        return recorded.Count > before;
    }

    private void AdvanceItem(StepPlace place, LoopState loop, int index, DateTimeOffset now, List<RunEvent> recorded, List<StepPlace> effects)
    {
        var item = loop.Begun[index];
        while (!HasMore && AdvanceGraph(item, now, recorded, effects))
        {
        }
        if (item.Fatal is not null || item.AllSettled)
            EndItem(place, item, index, now, recorded);
        HasMore |= recorded.Count >= EventsATurn;
    }

    private void EndItem(StepPlace place, GraphState item, int index, DateTimeOffset now, List<RunEvent> recorded)
    {
        var error = item.Fatal;
        var output = CelValue.Null;
        if (error is null)
        {
            var given = Output(item, now);
            if (given.Error is { } unusable)
                error = Shorten(StepError.From(unusable, place.Path));
            else
                output = given.Value;
        }
        Record(new ItemFinished(now, place.Path, index, output, error), recorded);
        if (error is not null && !place.Node.GoesOnWithoutItem)
            Record(new StepFailed(now, place.Path, 1, error, null), recorded);
    }

    /// <summary>The list of results may be as large as any output. The run does not grow by it: each result is in it already.</summary>
    private void EndItems(StepPlace place, LoopState loop, DateTimeOffset now, List<RunEvent> recorded)
    {
        if (RunValue.Fault(loop.Results, RunLimits.ValueBytes, out _) is { } fault)
            Fail(place, fault, now, recorded);
        else
            Record(new ItemsFinished(now, place.Path), recorded);
    }
}
