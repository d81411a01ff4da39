using Fluxgate.Data.Embedded;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Hosting;

/// <summary>The database that a configuration names: a server elsewhere, or the embedded cluster in the data directory.</summary>
internal static class InstallationDatabase
{
    /// <summary>Where it is; with an embedded cluster, which may have to be started, that too.</summary>
    public static (DatabaseOptions Options, EmbeddedCluster? Cluster) Find(DatabaseOptions options, InstallationOptions installation)
    {
        if (options.Host is not null)
            return (options, null);
        var cluster = EmbeddedCluster.At(installation.DataDirectory);
        return (cluster.Connection, cluster);
    }

    /// <summary>Work on the database beside a server, or without one: PostgreSQL is left running if it ran.</summary>
    public static async Task<T> Use<T>(IConfiguration configuration, Func<DatabaseOptions, Task<T>> work, CancellationToken cancel)
    {
        var installation = new InstallationOptions();
        configuration.Bind(installation);
        var configured = new DatabaseOptions();
        configuration.GetSection(DatabaseOptions.Section).Bind(configured, b => b.ErrorOnUnknownConfiguration = true);
        var (databaseOptions, cluster) = Find(configured, installation);
        try
        {
            if (cluster is not null)
                await cluster.Start(cancel);
            return await work(databaseOptions);
        }
        finally
        {
            if (cluster is { WasStartedHere: true })
                await cluster.Stop(CancellationToken.None);
        }
    }
}
