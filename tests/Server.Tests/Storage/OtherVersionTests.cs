using Fluxgate.Data.Embedded;
using Fluxgate.Server.Hosting;

namespace Fluxgate.Server.Tests.Storage;

public sealed class OtherVersionTests
{
    [Fact]
    public async Task Data_of_another_PostgreSQL_is_refused_in_words_and_not_by_what_follows_from_it()
    {
        var directory = Directory.CreateTempSubdirectory("fluxgate-test-").FullName;
        var configuration = FluxgateConfiguration.Load(null, new Dictionary<string, string?> { ["profile"] = "development", ["data_directory"] = directory, ["listen"] = "http://127.0.0.1:0" });
        try
        {
            Assert.NotEmpty(await OperatorTools.Migrate(configuration, CancellationToken.None));
            var home = (await File.ReadAllTextAsync(Path.Combine(directory, "cluster"))).Trim();
            await File.WriteAllTextAsync(Path.Combine(home, "pgdata", "PG_VERSION"), "99\n");
            foreach (var start in (Func<Task>[])[() => FluxgateApplication.Start(configuration, CancellationToken.None), () => OperatorTools.Migrate(configuration, CancellationToken.None)])
                Assert.Contains("is PostgreSQL 99, the binaries in", (await Assert.ThrowsAsync<InvalidOperationException>(start)).Message, StringComparison.Ordinal);
        }
        finally
        {
            await EmbeddedCluster.Delete(directory, CancellationToken.None);
            Directory.Delete(directory, recursive: true);
        }
    }
}
