using System.Data.Common;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Why a stream ends before its run: the gate's code, or that of the server's own reasons, after which its reader comes back.</summary>
internal sealed record StreamClosed(string Code);

/// <summary>
/// One open stream. All of it is one loop, so that nothing is sent that was not allowed within the last second: where
/// the question is not answered, nothing flows.
/// </summary>
internal sealed class RunEventStream(
    HttpContext context, EventWriter writer, RunFeed feed, Gate gate, RunOptions options, TimeProvider clock, ILogger<RunEventStream> log, CancellationToken stopping)
{
    /// <summary>With the time of the question itself, a stream ends within a second of what ends it.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(800);

    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);

    private readonly TimeSpan longest = TimeSpan.FromSeconds(options.StreamSeconds);

    /// <summary>Sends what is after that position until the run or the right to see it ends; <paramref name="allowedAt"/> is the time of the gate's first answer.</summary>
    public async Task Write(JournalPosition after, long allowedAt)
    {
        // A reader that takes nothing does not hold up a server that stops.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await writer.Retry(ComeBackAfter, ending.Token);
            if (await Flow(after.Number, allowedAt, ending.Token) is { } reason)
                await writer.Write([EventWriter.Frame("closed", new StreamClosed(reason))], context.RequestAborted);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has left, or takes nothing while the server stops.
            context.Abort();
        }
    }

    /// <summary>Null when there is nothing more to send, or why the stream is closed.</summary>
    private async Task<string?> Flow(long last, long allowedAt, CancellationToken cancel)
    {
        var (began, sentAt) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (true)
        {
            if (clock.GetElapsedTime(allowedAt) >= AskEvery)
            {
                var asked = clock.GetTimestamp();
                if (await Refusal() is { } refused)
                    return refused;
                allowedAt = asked;
            }
            if (stopping.IsCancellationRequested)
                return "server.stopping";
            if (clock.GetElapsedTime(began) >= longest)
                return "stream.expired";
            var news = feed.After(last);
            if (news.Frames.Count > 0)
            {
                await writer.Write(news.Frames, cancel);
                (last, sentAt) = (news.Last, clock.GetTimestamp());
            }
            if (news.End is { } end)
            {
                await writer.Write([end], cancel);
                return null;
            }
            if (news.Failed)
                return "server.error";
            if (clock.GetElapsedTime(sentAt) >= HeartbeatEvery)
            {
                await writer.Comment(cancel);
                sentAt = clock.GetTimestamp();
            }
            await News(news.Grown, AskEvery - clock.GetElapsedTime(allowedAt), cancel);
        }
    }

    private async Task News(Task grown, TimeSpan longest, CancellationToken cancel)
    {
        if (longest <= TimeSpan.Zero)
            return;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(grown, Task.Delay(longest, clock, timer.Token));
        await timer.CancelAsync();
        context.RequestAborted.ThrowIfCancellationRequested();
    }

    /// <summary>Where nobody can say whether it may go on, it does not.</summary>
    private async Task<string?> Refusal()
    {
        try
        {
            return (await gate.Recheck(context))?.Code;
        }
        catch (DbException e)
        {
            log.LogWarning(e, "A stream of run {Run} ends: its right could not be checked", feed.Run);
            return "server.error";
        }
    }
}
