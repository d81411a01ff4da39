using System.Data.Common;
using System.Security.Cryptography;
using System.Threading.Channels;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Nodes;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>
/// One live run: everything that happens to it passes its mailbox, one after the other. Core decides; what it decided
/// becomes durable in one append; only then the outside is touched or anybody told.
/// </summary>
internal sealed class RunActor
{
    /// <summary>A run that waits longer than this leaves memory.</summary>
    private static readonly TimeSpan ParkAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private abstract record Message;

    private sealed record Woken : Message;

    private sealed record ValuesCame(int Node, Result<CelValue> Values) : Message;

    private sealed record EffectDone(int Node, EffectOutcome Outcome) : Message;

    /// <summary>The run that a step calls has started, or why it has not.</summary>
    private sealed record CallDone(int Node, RunId Child, Error? Error) : Message;

    private readonly RunIdentity identity;
    private readonly RunDecider decider;
    private readonly OrganizationCipher cipher;
    private readonly RunServices services;
    private readonly RunHost host;
    private readonly Channel<Message> mailbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource stopping;
    private readonly HashSet<int> inFlight = [];
    private readonly List<OutsideCall> calls = [];
    private readonly TaskCompletionSource<RunState> finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Responded> responded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int appendNo;
    private long durableBytes;
    private bool hasWorkRow;

    public RunActor(RunIdentity identity, Workflow workflow, OrganizationCipher cipher, RunServices services, RunHost host, CancellationToken stopping)
    {
        this.identity = identity;
        this.cipher = cipher;
        this.services = services;
        this.host = host;
        this.stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        decider = new RunDecider(new RunState(workflow), identity.Run, () => Uuid.New(services.Clock), NextRandom);
    }

    public RunIdentity Identity => identity;

    public Task<RunState> Finished => finished.Task;

    public Task<Responded> Responded => responded.Task;

    private RunState State => decider.State;

    /// <summary>Begins a new run: as far as it goes without waiting is one append.</summary>
    public async Task<AppendOutcome> Begin(RunStarted started, TriggerReceipt? receipt)
    {
        var events = new List<RunEvent> { started };
        State.Apply(started);
        var effects = new List<int>();
        decider.Advance(services.Clock.GetUtcNow(), events, effects);
        var outcome = await Flush(events, receipt, []);
        if (outcome == AppendOutcome.Won)
            Launch(effects);
        return outcome;
    }

    /// <summary>Records a new run without running it: whoever has room claims it.</summary>
    public Task<AppendOutcome> Enqueue(RunStarted started, TriggerReceipt? receipt)
    {
        State.Apply(started);
        return Flush([started], receipt, [], queued: true);
    }

    /// <summary>Goes on with a run whose events are in the journal. False: another node was faster.</summary>
    public async Task<bool> Resume(IReadOnlyList<RunEvent> journal, int lastAppend)
    {
        appendNo = lastAppend;
        hasWorkRow = true;
        foreach (var recorded in journal)
            State.Apply(recorded);
        durableBytes = State.DataBytes;
        var now = services.Clock.GetUtcNow();
        var claimed = new RunClaimed(now, services.Node.Id);
        State.Apply(claimed);
        var events = new List<RunEvent> { claimed };
        // What was begun and has no outcome may or may not have reached the outside: again, with the same key.
        var effects = Enumerable.Range(0, State.Steps.Count).Where(i => State.Steps[i].Status == StepStatus.Running).ToList();
        var signals = await TakeSignals(now, events);
        decider.Advance(now, events, effects);
        if (await Flush(events, null, signals) == AppendOutcome.Lost)
            return false;
        Launch(effects);
        return true;
    }

    /// <summary>Ends a run that cannot go on, from what its journal holds. False: another node was faster.</summary>
    public async Task<bool> End(IReadOnlyList<RunEvent> journal, int lastAppend, StepError error)
    {
        appendNo = lastAppend;
        hasWorkRow = true;
        foreach (var recorded in journal)
            State.Apply(recorded);
        var events = new List<RunEvent>();
        decider.Abort(error, services.Clock.GetUtcNow(), events);
        return await Flush(events, null, []) == AppendOutcome.Won;
    }

    /// <summary>Tells the run that something may have happened; it looks by itself.</summary>
    public void Wake() => mailbox.Writer.TryWrite(new Woken());

    public void Stop() => stopping.Cancel();

    /// <summary>Takes what comes until the run is finished, parked, lost or stopped.</summary>
    public async Task Live()
    {
        try
        {
            while (!State.Status.IsFinal() && !ShouldPark)
            {
                await NextMessageOrTimer();
                if (!await TakeTurn())
                    return;
            }
        }
        finally
        {
            stopping.Cancel();
            finished.TrySetCanceled(CancellationToken.None);
            responded.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Only time or people can move the run: it needs no memory until then.</summary>
    private bool ShouldPark => inFlight.Count == 0 && !decider.IsReading && !State.Steps.Any(s => s.Status == StepStatus.Running)
        && !(decider.NextDue is { } due && due - services.Clock.GetUtcNow() < ParkAfter);

    private async Task NextMessageOrTimer()
    {
        var message = mailbox.Reader.WaitToReadAsync(stopping.Token).AsTask();
        if (decider.NextDue is not { } due)
        {
            await message;
            return;
        }
        var wait = due - services.Clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            await Task.WhenAny(message, Task.Delay(wait, services.Clock, timer.Token));
            await timer.CancelAsync();
            stopping.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> TakeTurn()
    {
        var now = services.Clock.GetUtcNow();
        var events = new List<RunEvent>();
        var effects = new List<int>();
        IReadOnlyList<Guid> signals = [];
        var woken = false;
        while (mailbox.Reader.TryRead(out var message))
        {
            if (message is ValuesCame came)
            {
                inFlight.Remove(came.Node);
                decider.Read(came.Node, came.Values, now, events);
            }
            else if (message is EffectDone done)
            {
                inFlight.Remove(done.Node);
                if (done.Outcome.Call is { } call)
                    calls.Add(call);
                decider.Complete(done.Node, done.Outcome.Value, done.Outcome.Retryable, done.Outcome.RetryAfter, now, events);
            }
            else if (message is CallDone called)
            {
                inFlight.Remove(called.Node);
                decider.Called(called.Node, called.Child, called.Error, now, events);
            }
            else
            {
                woken = true;
            }
        }
        if (woken)
            signals = await TakeSignals(now, events);
        decider.Advance(now, events, effects);
        if (events.Count == 0 && signals.Count == 0)
            return true;
        if (await Flush(events, null, signals) == AppendOutcome.Lost)
            return false;
        Launch(effects);
        return true;
    }

    private async Task<IReadOnlyList<Guid>> TakeSignals(DateTimeOffset now, List<RunEvent> events)
    {
        var signals = await services.Signals.Read(identity.Organization, identity.Run, cipher, stopping.Token);
        foreach (var (_, signal) in signals)
            decider.Receive(signal, now, events);
        return [.. signals.Select(s => s.Id)];
    }

    private void Launch(List<int> effects)
    {
        foreach (var index in effects)
        {
            var node = State.Workflow.Nodes[index];
            if (decider.NeedsKeyValues(index))
            {
                inFlight.Add(index);
                _ = Task.Run(() => ReadKeyValues(index, node), CancellationToken.None);
                continue;
            }
            var settings = decider.Settings(index, services.Clock.GetUtcNow());
            inFlight.Add(index);
            if (node.Type.Behaviour == NodeBehaviour.Call)
            {
                var child = State.Steps[index].Child!.Value;
                _ = Task.Run(() => Call(index, child, settings), CancellationToken.None);
                continue;
            }
            if (settings.Error is { } error)
            {
                mailbox.Writer.TryWrite(new EffectDone(index, new EffectOutcome(error, Retryable: false, null)));
                continue;
            }
            var effect = new StepEffect(identity.Organization, identity.Run, node, settings.Value, $"{identity.Run}.{node.Id}", State.Steps[index].Attempt, node.Timeout ?? DefaultTimeout)
            {
                Workflow = identity.Workflow,
            };
            _ = Task.Run(() => RunEffect(index, effect), CancellationToken.None);
        }
    }

    private async Task ReadKeyValues(int index, Node node)
    {
        while (true)
        {
            try
            {
                mailbox.Writer.TryWrite(new ValuesCame(index, await services.KeyValues.Values(identity.Organization, identity.Workflow, node.KeyValues, stopping.Token)));
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DbException e) when (e.IsTransient)
            {
                services.Log.LogWarning("PostgreSQL does not answer ({Error}); step {Node} of run {Run} waits for its values", e.GetType().Name, node.Id, identity.Run);
                await Task.Delay(TimeSpan.FromSeconds(1), services.Clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                services.Log.LogError(e, "The values of step {Node} of run {Run} cannot be read", node.Id, identity.Run);
                mailbox.Writer.TryWrite(new ValuesCame(index, new Error("kv.unreadable", ErrorKind.Unavailable, "A value of the key-value store cannot be read; the log of the server says why.")));
                return;
            }
        }
    }

    private async Task RunEffect(int index, StepEffect effect)
    {
        EffectOutcome outcome;
        try
        {
            outcome = await services.Effects.Run(effect, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops or has lost the run; whoever goes on makes the attempt again with the same key.
            return;
        }
        catch (Exception e)
        {
            services.Log.LogError(e, "Step {Node} of run {Run} failed in the engine", effect.Node.Id, identity.Run);
            outcome = new EffectOutcome(new Error("step.internal", ErrorKind.Unavailable, "The step failed inside Fluxgate; the log of the server says why."), Retryable: false, null);
        }
        mailbox.Writer.TryWrite(new EffectDone(index, outcome));
    }

    private async Task Call(int index, RunId child, Result<CelValue> settings)
    {
        Error? error;
        try
        {
            error = settings.Error;
            if (error is null)
            {
                var node = State.Workflow.Nodes[index];
                var parent = new RunParent(identity.Run, node.Id, (State.Parent?.Depth ?? 0) + 1, node.WaitsForCalled);
                var input = settings.Value.TryGetMember("input", out var given) ? given : CelValue.Null;
                error = await host.StartChild(identity, parent, child, node.CalledWorkflow, input, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // As with an effect: whoever goes on starts the same run, or finds it.
            return;
        }
        catch (Exception e)
        {
            services.Log.LogError(e, "Run {Child}, which run {Run} calls, could not be started", child, identity.Run);
            error = new Error("step.internal", ErrorKind.Unavailable, "The step failed inside Fluxgate; the log of the server says why.");
        }
        mailbox.Writer.TryWrite(new CallDone(index, child, error));
    }

    /// <summary>Makes events durable together with everything that follows from them, then tells whoever waits.</summary>
    private async Task<AppendOutcome> Flush(List<RunEvent> events, TriggerReceipt? receipt, IReadOnlyList<Guid> signals, bool queued = false)
    {
        using var room = await services.Room.Enter(State.DataBytes - durableBytes, stopping.Token);
        durableBytes = State.DataBytes;
        var final = State.Status.IsFinal();
        var now = events.Count > 0 ? events[^1].At : services.Clock.GetUtcNow();
        var staysLive = !final && !queued && !ShouldParkAfter(events);
        var bytes = RunJournal.Write(events);
        var valueId = bytes.Length <= JournalStore.LargestInline ? (Guid?)null : await JournalStore.WriteLarge(
            services.Database.Engine(identity.Organization), cipher, identity.Organization, identity.Run, Uuid.New(services.Clock), bytes, CancellationToken.None);
        var append = new JournalAppend(
            identity.Organization, identity.Run, ++appendNo, Uuid.New(services.Clock),
            valueId is null ? cipher.Seal(SealedField.RunJournal, identity.Run.Value, bytes) : null, now,
            new RunSnapshot(identity.Workflow, identity.Version, queued ? RunStatus.Queued : SnapshotStatus(), State.TriggerType, State.Parent, State.StartedAt, State.FinishedAt, State.Error?.Code))
        {
            ValueId = valueId,
            Receipt = receipt,
            Work = final ? null : new RunWork(staysLive ? services.Node.Id : null, queued ? now : decider.NextDue ?? RunServices.Never),
            EndsWork = final && hasWorkRow,
            Audit = RunAudit.Rows(services.Audit, identity, State, events, calls),
            Outbox = RunRows.Outbox(identity, State, events, cipher, services.Clock),
            Reviews = RunRows.Reviews(events, cipher),
            ClosedReviews = RunRows.ClosedReviews(State, events),
            Signals = CalledRuns.Signals(identity, State, events, cipher, services.Clock),
            SignalsTaken = signals,
        };
        hasWorkRow = !final;
        var outcome = await services.Writer.Append(append);
        if (outcome == AppendOutcome.Lost)
            return outcome;
        services.Events.Raise(identity.Organization, identity.Run);
        if (append.Audit.Count > 0)
            services.AuditSignal.Raise();
        if (append.Outbox.Count > 0)
            services.Deliveries.Raise();
        host.WakeSoon(identity.Organization, append.Signals);
        if (State.Response is { } response)
            responded.TrySetResult(response);
        if (final)
            finished.TrySetResult(State);
        return outcome;
    }

    /// <summary>Steps that are being started now are about to be in flight.</summary>
    private bool ShouldParkAfter(List<RunEvent> events) => ShouldPark && !events.Any(e => e is StepStarted or ChildRequested);

    private RunStatus SnapshotStatus() =>
        State.Status == RunStatus.Running && State.Steps.Any(s => s.Status == StepStatus.Waiting) && !State.Steps.Any(s => s.Status == StepStatus.Running)
            ? RunStatus.Waiting
            : State.Status;

    private static double NextRandom() => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24);
}

/// <summary>What a run is, apart from its state.</summary>
internal sealed record RunIdentity(OrganizationId Organization, RunId Run, WorkflowId Workflow, int Version, string WorkflowName, Actor StartedBy);
