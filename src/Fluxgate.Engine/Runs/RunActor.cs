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
internal sealed partial class RunActor
{
    /// <summary>A run that waits longer than this leaves memory.</summary>
    private static readonly TimeSpan ParkAfter = TimeSpan.FromSeconds(5);

    /// <summary>Timers of the system end at some weeks; who is woken early looks again.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    /// <summary>About what an event takes beside its values.</summary>
    private const int EventBytes = 200;


    private abstract record Message;

    private sealed record Woken : Message;

    private sealed record ValuesCame(StepPlace Place, Attempted Attempt, Result<CelValue> Values) : Message;

    private sealed record EffectDone(StepPlace Place, Attempted Attempt, EffectOutcome Outcome) : Message;

    /// <summary>The run that a step calls has started, or why it has not.</summary>
    private sealed record CallDone(StepPlace Place, Attempted Attempt, RunId Child, Error? Error) : Message;

    private readonly RunIdentity identity;
    private readonly RunDecider decider;
    private readonly OrganizationCipher cipher;
    private readonly RunServices services;
    private readonly RunHost host;
    private readonly Channel<Message> mailbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource stopping;
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

    /// <summary>Bytes of data that are counted for it among what lives here.</summary>
    public long Weight { get; set; }

    public Task<RunState> Finished => finished.Task;

    public Task<Responded> Responded => responded.Task;

    private RunState State => decider.State;

    /// <summary>Begins a new run, by its first events: as far as it goes without waiting is one append.</summary>
    public async Task<AppendOutcome> Begin(IReadOnlyList<RunEvent> first, TriggerReceipt? receipt)
    {
        var events = new List<RunEvent>(first);
        Apply(first);
        var effects = new List<StepPlace>();
        decider.Advance(services.Clock.GetUtcNow(), events, effects);
        var outcome = await Flush(events, receipt, []);
        if (outcome == AppendOutcome.Won)
            Launch(effects);
        return outcome;
    }

    /// <summary>Records a new run without running it: whoever has room claims it.</summary>
    public Task<AppendOutcome> Enqueue(IReadOnlyList<RunEvent> first, TriggerReceipt? receipt)
    {
        Apply(first);
        return Flush([.. first], receipt, [], queued: true);
    }

    /// <summary>When a queued run is looked at in any case.</summary>
    public DateTimeOffset Latest => State.Deadline ?? RunServices.Never;

    /// <summary>Begins a run that this has enqueued and this node has claimed. False: another node was faster.</summary>
    public Task<bool> Begin() => Resume([], appendNo);

    /// <summary>Takes the signals of a run that may not begin yet: it may have been cancelled. Always false: it lives nowhere.</summary>
    public async Task<bool> StayQueued(IReadOnlyList<RunEvent> journal, int lastAppend)
    {
        appendNo = lastAppend;
        hasWorkRow = true;
        Apply(journal);
        durableBytes = State.DataBytes;
        var events = new List<RunEvent>();
        var signals = await TakeSignals(services.Clock.GetUtcNow(), events);
        if (signals.Count > 0)
            await Flush(events, null, signals, queued: !State.Status.IsFinal());
        return false;
    }

    /// <summary>Goes on with a run whose events are in the journal. False: another node was faster.</summary>
    public async Task<bool> Resume(IReadOnlyList<RunEvent> journal, int lastAppend)
    {
        appendNo = lastAppend;
        hasWorkRow = true;
        Apply(journal);
        durableBytes = State.DataBytes;
        var now = services.Clock.GetUtcNow();
        var claimed = new RunClaimed(now, services.Node.Id);
        State.Apply(claimed);
        var events = new List<RunEvent> { claimed };
        var effects = new List<StepPlace>();
        decider.TakeUp(now, events, effects);
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
        Apply(journal);
        var events = new List<RunEvent>();
        decider.Abort(error, services.Clock.GetUtcNow(), events);
        return await Flush(events, null, []) == AppendOutcome.Won;
    }

    private void Apply(IReadOnlyList<RunEvent> events)
    {
        foreach (var recorded in events)
            State.Apply(recorded);
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
    private bool ShouldPark => inFlight.Count == 0 && !decider.IsReading && !decider.HasMore && !State.HasInFlight
        && !(decider.NextDue is { } due && due - services.Clock.GetUtcNow() < ParkAfter);

    private async Task NextMessageOrTimer()
    {
        if (decider.HasMore)
            return;
        var message = mailbox.Reader.WaitToReadAsync(stopping.Token).AsTask();
        if (decider.NextDue is not { } due)
        {
            await message;
            return;
        }
        var wait = due - services.Clock.GetUtcNow();
        if (wait > LongestTimer)
            wait = LongestTimer;
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
        var effects = new List<StepPlace>();
        IReadOnlyList<Guid> signals = [];
        var woken = false;
        while (mailbox.Reader.TryRead(out var message))
        {
            if (message is ValuesCame came)
            {
                Forget(came.Place, came.Attempt);
                decider.Read(came.Place, came.Values, now, events);
            }
            else if (message is EffectDone done)
            {
                Forget(done.Place, done.Attempt);
                if (done.Outcome.Call is { } call)
                    calls.Add(call);
                decider.Complete(done.Place, done.Outcome.Value, done.Outcome.Retryable, done.Outcome.RetryAfter, now, events);
            }
            else if (message is CallDone called)
            {
                Forget(called.Place, called.Attempt);
                decider.Called(called.Place, called.Child, called.Error, now, events);
            }
            else
            {
                woken = true;
            }
        }
        if (woken)
            signals = await TakeSignals(now, events);
        if (events.Count > 0 && inFlight.Count == 0 && !decider.IsReading && !State.Status.IsFinal() && host.IsCrowded(identity.Organization))
        {
            // Before it grows further: with nothing under way nothing is lost, and the queue gives it its turn.
            await Flush(events, null, signals, leaves: true);
            return false;
        }
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

    /// <summary>Makes events durable together with everything that follows from them, then tells whoever waits.</summary>
    private async Task<AppendOutcome> Flush(List<RunEvent> events, TriggerReceipt? receipt, IReadOnlyList<Guid> signals, bool queued = false, bool leaves = false)
    {
        host.Weigh(this, State.DataBytes);
        using var room = await services.Room.Enter(State.DataBytes - durableBytes + events.Count * EventBytes, stopping.Token);
        durableBytes = State.DataBytes;
        var final = State.Status.IsFinal();
        var now = events.Count > 0 ? events[^1].At : services.Clock.GetUtcNow();
        var staysLive = !final && !queued && !leaves && !ShouldPark;
        var bytes = RunJournal.Write(events);
        var valueId = bytes.Length <= JournalStore.LargestInline ? (Guid?)null : Uuid.New(services.Clock);
        var valueBytes = valueId is { } large
            ? await JournalStore.WriteLarge(services.Database.Engine(identity.Organization), cipher, identity.Organization, identity.Run, large, bytes, CancellationToken.None)
            : 0;
        var append = new JournalAppend(
            identity.Organization, identity.Run, ++appendNo, Uuid.New(services.Clock),
            valueId is null ? cipher.Seal(SealedField.RunJournal, identity.Run.Value, bytes) : null, now,
            new RunSnapshot(identity.Workflow, identity.Version, queued ? RunStatus.Queued : SnapshotStatus(), State.TriggerType, State.Parent, State.RetryOf, State.StartedAt, State.FinishedAt, State.Error?.Code))
        {
            ValueId = valueId,
            ValueBytes = valueBytes,
            Receipt = receipt,
            Work = final ? null : new RunWork(staysLive ? services.Node.Id : null, queued || leaves ? now : decider.NextDue ?? RunServices.Never, State.DataBytes),
            EndsWork = final && hasWorkRow,
            Audit = RunAudit.Rows(services.Audit, identity, State, events, calls),
            Outbox = RunRows.Outbox(identity, State, events, cipher, services.Clock),
            Reviews = RunRows.Reviews(State, events, cipher),
            ClosedReviews = RunRows.ClosedReviews(State, events),
            ErrorRun = final && State.StartsErrorWorkflow ? Uuid.New(services.Clock) : null,
            Signals = CalledRuns.Signals(identity, State, events, cipher, services.Clock),
            SignalsTaken = signals,
        };
        hasWorkRow = !final;
        var outcome = await services.Writer.Append(append);
        if (outcome == AppendOutcome.Lost)
            return outcome;
        BreakOffGivenUp();
        services.Events.Raise(identity.Organization, identity.Run);
        if (append.Audit.Count > 0)
            services.AuditSignal.Raise();
        if (append.Outbox.Count > 0)
            services.Deliveries.Raise();
        if (append.ErrorRun is not null)
            services.ErrorStarts.Raise();
        host.WakeSoon(identity.Organization, append.Signals);
        if (State.Response is { } response)
            responded.TrySetResult(response);
        if (final)
        {
            finished.TrySetResult(State);
            if (State.Workflow.MaxConcurrentRuns is not null)
                host.LookAfterLine(identity);
        }
        return outcome;
    }


    private RunStatus SnapshotStatus() =>
        State.Status == RunStatus.Running && State.HasWaiting && !State.HasInFlight && !decider.HasMore
            ? RunStatus.Waiting
            : State.Status;

    private static double NextRandom() => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24);
}

/// <summary>What a run is, apart from its state.</summary>
internal sealed record RunIdentity(OrganizationId Organization, RunId Run, WorkflowId Workflow, int Version, string WorkflowName, Actor StartedBy);
