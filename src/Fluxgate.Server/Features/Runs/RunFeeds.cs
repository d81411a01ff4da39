using System.Collections.Concurrent;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Runs;

namespace Fluxgate.Server.Features.Runs;

/// <summary>The runs that somebody watches on this node, each read once for all of its readers.</summary>
internal sealed class RunFeeds
{
    private readonly ConcurrentDictionary<(OrganizationId, RunId), RunFeed> feeds = new();

    /// <summary>Joining and leaving take turns; the engine, which only looks, never waits.</summary>
    private readonly Lock turn = new();
    private readonly Database database;
    private readonly KeyVault vault;
    private readonly RunReader reader;
    private readonly TimeProvider clock;
    private readonly ILogger<RunFeeds> log;

    public RunFeeds(Database database, KeyVault vault, RunReader reader, RunEvents events, TimeProvider clock, ILogger<RunFeeds> log)
    {
        (this.database, this.vault, this.reader, this.clock, this.log) = (database, vault, reader, clock, log);
        events.Appended += Wake;
    }

    /// <summary>The feed of a run that is known to be that organization's; to be left again.</summary>
    public RunFeed Join(OrganizationId organization, RunId run)
    {
        lock (turn)
        {
            if (!feeds.TryGetValue((organization, run), out var feed) || feed.Failed)
            {
                feeds[(organization, run)] = feed = new RunFeed(organization, run, clock);
                var begun = feed;
                _ = Task.Run(() => begun.Follow(database, vault, reader, log), CancellationToken.None);
            }
            feed.Readers++;
            return feed;
        }
    }

    public void Leave(RunFeed feed)
    {
        lock (turn)
        {
            if (--feed.Readers > 0)
                return;
            // A feed that failed may have been replaced.
            feeds.TryRemove(KeyValuePair.Create((feed.Organization, feed.Run), feed));
        }
        feed.Abandon();
    }

    private void Wake(OrganizationId organization, RunId run)
    {
        if (feeds.TryGetValue((organization, run), out var feed))
            feed.Wake();
    }
}
