using System.Collections.Concurrent;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>The runs that live in this process: starts them, wakes them, and takes over those that have no owner.</summary>
public sealed partial class RunHost : IDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of data with which a run is woken whatever is in memory.</summary>
    private const long SmallRun = 64 * 1024;

    private readonly LiveRuns live = new();
    private readonly ConcurrentDictionary<RunId, byte> takingUp = new();
    private long takingUpBytes;
    private readonly Database database;
    private readonly KeyVault vault;
    private readonly WorkflowCatalog workflows;
    private readonly EngineOptions options;
    private readonly RunServices services;
    private CancellationTokenSource stopping = new();

    internal RunHost(Database database, KeyVault vault, WorkflowCatalog workflows, EngineOptions options, RunServices services)
    {
        (this.database, this.vault, this.workflows, this.options, this.services) = (database, vault, workflows, options, services);
    }

    /// <summary>Places that one organization may take: with all of them, its slow calls would keep everybody else's runs out.</summary>
    private int Share => Math.Max(options.MaxLiveRuns / 2, 1);

    private long MaxBytes => options.MaxLiveMegabytes * 1024L * 1024;

    private long ShareOfBytes => MaxBytes / 2;

    /// <summary>Organizations that have their share; nothing more of theirs is claimed.</summary>
    internal IReadOnlyList<OrganizationId> Full => live.WithAtLeast(Share, ShareOfBytes);

    internal int FreePlaces => options.MaxLiveRuns - live.Count - takingUp.Count;

    /// <summary>How much more data there may be in memory; a run that is taken up may have more than that.</summary>
    internal long FreeBytes => MaxBytes - live.Bytes - Interlocked.Read(ref takingUpBytes);

    private bool HasRoom(OrganizationId organization) => FreePlaces > 0 && FreeBytes > 0 && !live.HasAtLeast(organization, Share, ShareOfBytes);

    /// <summary>The organization's runs hold their share of memory, or all runs hold all of it.</summary>
    internal bool IsCrowded(OrganizationId organization) => FreeBytes <= 0 || live.HasAtLeast(organization, int.MaxValue, ShareOfBytes);

    internal void Weigh(RunActor actor, long data) => live.Weigh(actor, data);

    /// <summary>Returns when the run is durable; the rest goes on by itself.</summary>
    public async Task<Result<StartedRun>> Start(RunStart start, CancellationToken cancel)
    {
        // What a run calls belongs to a run that is under way.
        if (start.Parent is null && (services.Storage.Refusal ?? await services.Usage.Refusal(start.Organization, cancel)) is { } full)
            return full;
        if (RunValue.Fault(start.Trigger, RunLimits.TriggerBytes, out _) is { } fault)
            return fault;
        var workflow = await workflows.Get(start.Organization, start.Workflow, start.Version, cancel);
        if (workflow.Error is { } unreadable)
            return unreadable;
        if (await WhyOff(start.Organization, start.Workflow, workflow.Value, cancel) is { } off)
            return off;
        var cipher = await vault.For(start.Organization, cancel);
        var identity = new RunIdentity(start.Organization, start.Run ?? new RunId(Uuid.New(services.Clock)), start.Workflow, start.Version, start.WorkflowName, start.Actor);
        var actor = new RunActor(identity, workflow.Value, cipher, services, this, stopping.Token);
        var now = services.Clock.GetUtcNow();
        var started = new RunStarted(now, start.TriggerType, start.Trigger)
        {
            Parent = start.Parent, RetryOf = start.Retry?.Run, HandlesError = start.HandlesError,
            Starter = start.Actor is { Kind: ActorKind.User, Id: { } person } ? new UserId(person) : null,
            Deadline = now + Shorter(workflow.Value.Timeout, options.LongestRun),
        };
        IReadOnlyList<RunEvent> first = [started, .. start.Retry?.Kept ?? []];
        if (workflow.Value.MaxConcurrentRuns is { } places)
            return await StartInLine(actor, start, first, places, cancel);
        if (!HasRoom(start.Organization))
            return await actor.Enqueue(first, start.Receipt) == AppendOutcome.Won
                ? new StartedRun(identity.Run, Repeated: false, Never<RunState>(), Never<Responded>())
                : await Repeated(start, cancel);
        live.TryAdd(actor);
        AppendOutcome outcome;
        try
        {
            outcome = await actor.Begin(first, start.Receipt);
        }
        catch
        {
            live.Remove(actor);
            throw;
        }
        if (outcome == AppendOutcome.Lost)
        {
            live.Remove(actor);
            return await Repeated(start, cancel);
        }
        _ = KeepAlive(actor);
        return new StartedRun(identity.Run, Repeated: false, actor.Finished, actor.Responded);
    }

    /// <summary>The kill switch that lets no run of the workflow begin; null if there is none.</summary>
    internal async ValueTask<Error?> WhyOff(OrganizationId organization, WorkflowId workflow, Workflow document, CancellationToken cancel) =>
        (await services.Switches.Get(cancel)).Refusal(organization, workflow, document);

    /// <summary>Tells a run that a signal was sent; if it lives nowhere, this node takes it up.</summary>
    public async Task Wake(OrganizationId organization, RunId run, CancellationToken cancel)
    {
        if (live.TryGet(run, out var actor))
        {
            actor.Wake();
            return;
        }
        if (await Claim(organization, run, cancel) is { } bytes)
            _ = TakeUp(organization, run, bytes);
    }

    /// <summary>The run's bytes of data if it is this node's now. Where there is no room for a large one it stays where it is, and the poller asks again.</summary>
    private async Task<long?> Claim(OrganizationId organization, RunId run, CancellationToken cancel) =>
        await database.Platform.QueryOptional<long?>($"""
            update run_work set node_id = {services.Node.Id}
            where organization_id = {organization} and run_id = {run} and node_id is null and (data_bytes <= {SmallRun} or {FreeBytes > 0})
            returning data_bytes
            """, cancel);

    /// <summary>
    /// Goes on with a run that this node has claimed, beside the caller: a run whose rows are locked must make neither
    /// the request that woke it nor the other runs of a turn wait. It has been taken up, or given back, when the task ends.
    /// </summary>
    internal Task TakeUp(OrganizationId organization, RunId run, long bytes)
    {
        if (!takingUp.TryAdd(run, 0))
            return Task.CompletedTask;
        Interlocked.Add(ref takingUpBytes, bytes);
        return Task.Run(async () =>
        {
            try
            {
                await Resume(organization, run, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                // The node stops, or has lost its lock.
            }
            catch (AppendRefusedException e)
            {
                services.Log.LogError(e, "Run {Run} cannot be stored as it is and ends", run);
                await EndUnstorable(organization, run);
            }
            catch (Exception e)
            {
                services.Log.LogError(e, "Run {Run} could not be taken up; it is tried again", run);
                await Free(organization, run);
            }
            finally
            {
                takingUp.TryRemove(run, out _);
                Interlocked.Add(ref takingUpBytes, -bytes);
            }
        }, CancellationToken.None);
    }

    private async Task Resume(OrganizationId organization, RunId run, CancellationToken cancel)
    {
        if (live.Contains(run))
            return;
        var loaded = await new RunLoader(database, vault, workflows).Load(organization, run, cancel);
        if (loaded is null)
            return;
        var cipher = await vault.For(organization, cancel);
        var actor = new RunActor(loaded.Identity, loaded.Workflow, cipher, services, this, stopping.Token);
        if (!live.TryAdd(actor))
            return;
        var owned = false;
        try
        {
            owned = await MayGoOn(loaded, cancel) ? await actor.Resume(loaded.Events, loaded.LastAppend) : await actor.StayQueued(loaded.Events, loaded.LastAppend);
        }
        finally
        {
            if (!owned)
                live.Remove(actor);
        }
        if (owned)
            _ = KeepAlive(actor);
    }

    internal void Wake(RunId run)
    {
        if (live.TryGet(run, out var actor))
            actor.Wake();
    }

    internal bool IsLive(RunId run) => live.Contains(run) || takingUp.ContainsKey(run);

    /// <summary>Frees runs that this node owns and that yet live nowhere: what is left after trouble with the database.</summary>
    internal async Task FreeLost(IReadOnlyCollection<RunId> lost, CancellationToken cancel)
    {
        var ids = lost.Where(r => !IsLive(r)).Select(r => r.Value).ToArray();
        if (ids.Length > 0)
            await database.Platform.Execute($"update run_work set node_id = null, due_at = {services.Clock.GetUtcNow()} where run_id = any ({ids}) and node_id = {services.Node.Id}", cancel);
    }

    /// <summary>Lets go of every run, without a trace: the journal is where they are, others may have them already.</summary>
    internal void DropAll()
    {
        stopping.Cancel();
        live.Clear();
        stopping = new CancellationTokenSource();
    }

    private async Task KeepAlive(RunActor actor)
    {
        try
        {
            await actor.Live();
        }
        catch (OperationCanceledException)
        {
            // The node stops, or has lost its lock.
        }
        catch (AppendRefusedException e)
        {
            services.Log.LogError(e, "Run {Run} cannot be stored as it is and ends", actor.Identity.Run);
            await EndUnstorable(actor.Identity.Organization, actor.Identity.Run);
        }
        catch (Exception e)
        {
            // The journal holds all that was durable; the work row is freed so that the run is taken up anew.
            services.Log.LogError(e, "Run {Run} left memory", actor.Identity.Run);
            await Free(actor.Identity.Organization, actor.Identity.Run);
        }
        finally
        {
            live.Remove(actor);
        }
    }

    /// <summary>What could not be stored is dropped; the run ends by an event of its own that holds none of it.</summary>
    private async Task EndUnstorable(OrganizationId organization, RunId run)
    {
        try
        {
            var loaded = await new RunLoader(database, vault, workflows).Load(organization, run, stopping.Token);
            if (loaded is null)
                return;
            var cipher = await vault.For(organization, stopping.Token);
            var actor = new RunActor(loaded.Identity, loaded.Workflow, cipher, services, this, stopping.Token);
            await actor.End(loaded.Events, loaded.LastAppend, new StepError("run.not_storable", "PostgreSQL refused what the run had to record; the log of the server says more.", null));
        }
        catch (Exception e) when (e is AppendRefusedException or System.Data.Common.DbException)
        {
            services.Log.LogError(e, "Run {Run} could not even be ended; it is tried again", run);
            await Free(organization, run);
        }
    }

    private async Task Free(OrganizationId organization, RunId run)
    {
        try
        {
            await database.Platform.Execute($"""
                update run_work set node_id = null, due_at = {services.Clock.GetUtcNow() + TryAgainAfter}
                where organization_id = {organization} and run_id = {run} and node_id = {services.Node.Id}
                """, CancellationToken.None);
        }
        catch (System.Data.Common.DbException e)
        {
            services.Log.LogError(e, "Run {Run} could not be freed now; the poller frees what lives nowhere", run);
        }
    }

    private async Task<Result<StartedRun>> Repeated(RunStart start, CancellationToken cancel)
    {
        if (start.Run is { } named && await HasStarted(start.Organization, named, cancel))
            return new StartedRun(named, Repeated: true, Never<RunState>(), Never<Responded>());
        var first = await database.Engine(start.Organization).QueryOptional<ReceiptRow>($"""
            select run_id, body_hash from trigger_receipts
            where organization_id = {start.Organization} and workflow_id = {start.Workflow} and dedup_key = {start.Receipt?.Key}
            """, cancel);
        if (first is null)
            return new Error("run.not_started", ErrorKind.Unavailable, "The run could not be started; try again.");
        return first.BodyHash.AsSpan().SequenceEqual(start.Receipt!.BodyHash)
            ? new StartedRun(first.RunId, Repeated: true, Never<RunState>(), Never<Responded>())
            : Error.Conflict("idempotency.key_reused", "This key was used for another request; a repeat sends the same body.");
    }

    public void Dispose() => stopping.Dispose();

    private static TimeSpan Shorter(TimeSpan? asked, TimeSpan longest) => asked < longest ? asked.Value : longest;

    private static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;

    private sealed record ReceiptRow(RunId RunId, byte[] BodyHash);
}
