using System.Data.Common;
using System.Threading.Channels;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Quotas;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>An append that PostgreSQL refuses by itself, not for its company.</summary>
internal sealed class AppendRefusedException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// Group commit: while one batch commits, the next gathers; there is no timer. A batch that fails is halved until the
/// culprit stands alone, so that one organization's poisoned value or locked row costs the others a moment at most;
/// the culprit then goes on in a lane of its own.
/// </summary>
internal sealed class GroupWriter(Database database, EngineOptions options, UsageMeter usage, ILogger<GroupWriter> log) : BackgroundService
{
    private const int LargestBatch = 256;
    private const int Lanes = 2;

    /// <summary>A batch closes with the append that passes this: PostgreSQL takes no message of 1 GB, and what has not been sent lies in memory twice.</summary>
    private const long LargestBatchBytes = 16 * 1024 * 1024;

    /// <summary>How often a lone append that met a locked row is tried again, each after a second.</summary>
    private const int LockedTries = 60;

    private sealed record Pending(JournalAppend Append, TaskCompletionSource<AppendOutcome> Done)
    {
        /// <summary>An earlier try may have committed although its answer was lost; a second one must recognise its own row.</summary>
        public bool Uncertain { get; set; }
    }

    private readonly Channel<Pending> queue = Channel.CreateUnbounded<Pending>();

    /// <summary>Returns once the append is durable or lost; throws <see cref="AppendRefusedException"/> if it cannot be stored.</summary>
    public Task<AppendOutcome> Append(JournalAppend append)
    {
        var done = new TaskCompletionSource<AppendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!queue.Writer.TryWrite(new Pending(append, done)))
            done.SetException(new OperationCanceledException("The writer has stopped."));
        return done.Task;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(() => WriteLane(stoppingToken), CancellationToken.None)));

    private async Task WriteLane(CancellationToken stopping)
    {
        var batch = new List<Pending>(LargestBatch);
        try
        {
            while (await queue.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                var bytes = 0L;
                while (batch.Count < LargestBatch && bytes < LargestBatchBytes && queue.Reader.TryRead(out var pending))
                {
                    batch.Add(pending);
                    bytes += pending.Append.Bytes;
                }
                if (batch.Count > 0)
                    await WriteBatch([.. batch], options.LockTimeoutMilliseconds, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            while (queue.Reader.TryRead(out var pending))
                pending.Done.TrySetCanceled(stopping);
        }
    }

    private async Task WriteBatch(IReadOnlyList<Pending> batch, int lockTimeout, CancellationToken stopping)
    {
        try
        {
            await Write(batch, lockTimeout, stopping);
        }
        catch (DbException e) when (IsConnectionTrouble(e))
        {
            // Nobody knows whether it committed: ask again for as long as it takes.
            foreach (var pending in batch)
                pending.Uncertain = true;
            log.LogWarning("PostgreSQL does not answer ({Error}); {Count} appends wait", e.GetType().Name, batch.Count);
            await Task.Delay(TimeSpan.FromMilliseconds(250), stopping);
            await WriteBatch(batch, lockTimeout, stopping);
        }
        catch (DbException e) when (batch.Count == 1)
        {
            SetAside(batch[0], e, stopping);
        }
        catch (Exception e) when (e is not (DbException or OperationCanceledException) && batch.Count == 1)
        {
            // Not even sent, such as text that is no UTF-8: a lane that died of it would stop everybody's runs.
            log.LogError(e, "An append of run {Run} cannot be sent", batch[0].Append.Run);
            batch[0].Done.TrySetException(new AppendRefusedException("An append could not be sent.", e));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Halves wait less: the culprit, wherever it is, holds the lane only for these short waits.
            var half = batch.Count / 2;
            await WriteBatch([.. batch.Take(half)], Math.Max(lockTimeout / 4, 10), stopping);
            await WriteBatch([.. batch.Skip(half)], Math.Max(lockTimeout / 4, 10), stopping);
        }
        catch (OperationCanceledException)
        {
            foreach (var pending in batch)
                pending.Done.TrySetCanceled(stopping);
            throw;
        }
    }

    private async Task Write(IReadOnlyList<Pending> batch, int lockTimeout, CancellationToken stopping)
    {
        var organizations = batch.Select(p => p.Append.Organization).Distinct().ToArray();
        var session = database.Writer(organizations, lockTimeout);
        var won = await AppendStatement.Execute(session, [.. batch.Select(p => p.Append)], stopping);
        var doubtful = batch.Where(p => p.Uncertain && !won.Contains(p.Append.AppendId)).Select(p => p.Append.AppendId).ToArray();
        if (doubtful.Length > 0)
            won.UnionWith(await session.Query<Guid>($"select append_id from run_journal where run_id = any ({RunsOf(batch)}) and append_id = any ({doubtful})", stopping));
        foreach (var pending in batch)
        {
            var append = pending.Append;
            var isDurable = won.Contains(append.AppendId);
            if (isDurable)
                usage.Count(append.Organization, append.AppendNo == 1 ? 1 : 0, append.StoredBytes);
            pending.Done.TrySetResult(isDurable ? AppendOutcome.Won : AppendOutcome.Lost);
        }
    }

    private static Guid[] RunsOf(IReadOnlyList<Pending> batch) => [.. batch.Select(p => p.Append.Run.Value)];

    /// <summary>The culprit goes on by itself, beside the lanes: it waits for a locked row, or is refused.</summary>
    private void SetAside(Pending pending, DbException error, CancellationToken stopping)
    {
        if (!IsLocked(error))
        {
            log.LogError("An append of run {Run} was refused: {State}", pending.Append.Run, error.SqlState);
            pending.Done.TrySetException(new AppendRefusedException($"PostgreSQL refused an append ({error.SqlState}).", error));
            return;
        }
        _ = Task.Run(async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await Write([pending], lockTimeout: 1000, stopping);
                    return;
                }
                catch (DbException e) when (IsLocked(e) && attempt < LockedTries)
                {
                    log.LogWarning("Run {Run} waits for a locked row", pending.Append.Run);
                }
                catch (Exception e)
                {
                    pending.Done.TrySetException(new AppendRefusedException("An append could not be stored.", e));
                    return;
                }
            }
        }, CancellationToken.None);
    }

    private static bool IsLocked(DbException e) => e.SqlState is "55P03" or "40P01";

    /// <summary>No SQLSTATE at all, or one that says that the server goes away (class 08, 57P01–57P03).</summary>
    private static bool IsConnectionTrouble(DbException e) =>
        e.SqlState is null or "57P01" or "57P02" or "57P03" || e.SqlState.StartsWith("08", StringComparison.Ordinal);
}
