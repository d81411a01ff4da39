using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.Runs;

internal static class StreamRunEvents
{
    /// <summary>How long who was sent away for want of a place waits before asking again, in seconds.</summary>
    private const string AskAgainAfter = "5";

    private static readonly Error BadPosition = Error.Invalid("run.last_event_id", "Last-Event-ID is the id of an event of this run, as its stream gave it.");

    /// <summary>The run's journal, and then what is added to it, as server-sent events; <c>Last-Event-ID</c> goes on after that event.</summary>
    public static async Task<EventStream<JournalEntry>> Handle(
        OrganizationCaller caller, RunId id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext context, Database database,
        StreamPlaces places, RunFeeds feeds, Gate gate, RunOptions options, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory logs, CancellationToken cancel)
    {
        var allowedAt = clock.GetTimestamp();
        var position = lastEventId is null ? JournalPosition.Start : JournalPosition.Parse(lastEventId);
        if (position is not { } after)
            return BadPosition;
        var lastAppend = await database.As(caller).QueryOptional<int?>($"select append_no from runs where organization_id = {caller.Organization} and id = {id}", cancel);
        if (lastAppend is null)
            return Error.NotFound("run");
        // Whoever waited for a number beyond the journal would miss what is added until then.
        if (after.Append > lastAppend)
            return BadPosition;
        var taken = places.Take(caller);
        if (taken.Error is { } full)
        {
            context.Response.Headers.RetryAfter = AskAgainAfter;
            return full;
        }
        return (Func<EventWriter, Task>)(async writer =>
        {
            using var place = taken.Value;
            var feed = feeds.Join(caller.Organization, id);
            try
            {
                var log = logs.CreateLogger<RunEventStream>();
                await new RunEventStream(context, writer, feed, gate, options, clock, log, lifetime.ApplicationStopping).Write(after, allowedAt);
            }
            finally
            {
                feeds.Leave(feed);
            }
        });
    }
}
