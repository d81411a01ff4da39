using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Runs;

/// <summary>The last event of a stream: the run is finished, and how.</summary>
internal sealed record StreamEnded(RunStatus Status);

/// <summary>What a reader has not had yet. <paramref name="Grown"/> completes when there is more than this.</summary>
internal sealed record FeedNews(IReadOnlyList<byte[]> Frames, long Last, byte[]? End, bool Failed, Task Grown);

/// <summary>
/// The events of one run for all who watch it on this node: the journal is read once for them, when the run says here
/// that it has grown and otherwise at every poll, since it may live on another node.
/// </summary>
internal sealed class RunFeed(OrganizationId organization, RunId run, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly Lock turn = new();
    private readonly List<(long Position, byte[] Frame)> frames = [];
    private volatile TaskCompletionSource woken = NewSignal();
    private volatile bool abandoned;
    private TaskCompletionSource grown = NewSignal();
    private byte[]? end;

    public RunId Run => run;

    public OrganizationId Organization => organization;

    /// <summary>Guarded by <see cref="RunFeeds"/>.</summary>
    public int Readers { get; set; }

    /// <summary>It could not be read and is not read any more.</summary>
    public bool Failed { get; private set; }

    /// <summary>The journal has grown.</summary>
    public void Wake() => woken.TrySetResult();

    /// <summary>Nobody watches any more.</summary>
    public void Abandon()
    {
        abandoned = true;
        Wake();
    }

    public FeedNews After(long position)
    {
        lock (turn)
        {
            var first = frames.Count;
            while (first > 0 && frames[first - 1].Position > position)
                first--;
            var news = frames[first..];
            return new FeedNews([.. news.Select(n => n.Frame)], news.Count > 0 ? news[^1].Position : position, end, Failed, grown.Task);
        }
    }

    /// <summary>Reads until the run is finished or nobody watches.</summary>
    public async Task Follow(Database database, KeyVault vault, RunReader reader, ILogger log)
    {
        try
        {
            var session = database.Tenant(organization, null);
            var cipher = await vault.For(organization, CancellationToken.None);
            var (state, sensitive) = await reader.Begin(session, organization, run, CancellationToken.None);
            var last = JournalPosition.Start.Append;
            while (!abandoned)
            {
                // Before the journal is read: what is appended meanwhile is not slept over.
                woken = NewSignal();
                var appends = await JournalStore.ReadAfter(session, cipher, organization, run, last, CancellationToken.None);
                if (appends.Count > 0)
                {
                    last = appends[^1].AppendNo;
                    foreach (var recorded in appends.SelectMany(a => a.Events))
                        state.Apply(recorded);
                    sensitive.Take(state);
                    Add(appends, sensitive);
                    if (end is not null)
                        return;
                }
                using var timer = new CancellationTokenSource();
                await Task.WhenAny(woken.Task, Task.Delay(Poll, clock, timer.Token));
                await timer.CancelAsync();
            }
        }
        catch (Exception e)
        {
            log.LogError(e, "The journal of run {Run} could not be read; its streams end and their readers come back", run);
            Tell(() => Failed = true);
        }
    }

    private void Add(IReadOnlyList<AppendedEvents> appends, SensitiveData sensitive) => Tell(() =>
    {
        foreach (var (append, events) in appends)
            foreach (var (index, recorded) in events.Index())
            {
                var position = new JournalPosition(append, index).Number;
                var entry = JournalEntry.Of(recorded, sensitive);
                frames.Add((position, EventWriter.Frame(entry.Event, entry, position)));
                if (recorded is RunFinished finished)
                    end = EventWriter.Frame("end", new StreamEnded(finished.Status));
            }
    });

    private void Tell(Action change)
    {
        TaskCompletionSource told;
        lock (turn)
        {
            change();
            (told, grown) = (grown, NewSignal());
        }
        told.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
