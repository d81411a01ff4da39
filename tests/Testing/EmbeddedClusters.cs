using Fluxgate.Data.Embedded;

namespace Fluxgate.Testing;

public static class EmbeddedClusters
{
    /// <summary>Stops the private PostgreSQL of a data directory, which a killed server leaves running, and removes both.</summary>
    public static async Task Remove(string directory)
    {
        await EmbeddedCluster.Delete(directory, CancellationToken.None);
        Directory.Delete(directory, recursive: true);
    }
}
