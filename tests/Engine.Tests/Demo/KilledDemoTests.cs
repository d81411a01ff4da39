using System.Globalization;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Demo;

public sealed class KilledDemoTests
{
    [Fact]
    public async Task A_demo_that_is_killed_in_its_middle_loses_no_run_and_posts_each_invoice_once()
    {
        var directory = Directory.CreateTempSubdirectory("fluxgate-kill-").FullName;
        try
        {
            string[] arguments =
            [
                "demo", "--once", "--json", "--data", directory,
                "--port", FreePort.On("127.0.0.1").ToString(CultureInfo.InvariantCulture),
                "--services-port", FreePort.On("127.0.0.2").ToString(CultureInfo.InvariantCulture),
            ];
            // Three kills: while invoices come in, while reviews are decided, and right at the beginning of a restart's work.
            foreach (var posted in (int[])[5, 60, 61])
            {
                await using var victim = FluxgateProcess.Start(arguments);
                await Condition.Holds(() => Task.FromResult(Lines(directory) >= posted || victim.HasExited), $"{posted} invoices are posted; output: {victim.Output}", seconds: 120);
                Assert.False(victim.HasExited, victim.Output);
                await victim.Kill();
            }

            await using var survivor = FluxgateProcess.Start(arguments);
            Assert.True(await survivor.Exit(TimeSpan.FromMinutes(3)) == 0, survivor.Output);
            var summary = JsonDocument.Parse(survivor.Output[survivor.Output.IndexOf('{')..]).RootElement;
            Assert.Equal(200, summary.GetProperty("runs").GetInt32());
            Assert.Equal(summary.GetProperty("succeeded").GetInt32(), Lines(directory));
            Assert.Equal(Lines(directory), Keys(directory).Distinct().Count());
            Assert.Equal(summary.GetProperty("succeeded").GetInt32(), summary.GetProperty("deliveries_verified").GetInt32());
            Assert.True(summary.GetProperty("audit_valid").GetBoolean());
        }
        finally
        {
            await EmbeddedClusters.Remove(directory);
        }
    }

    private static string[] Posted(string directory)
    {
        var file = Path.Combine(directory, "erp-invoices.jsonl");
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static int Lines(string directory) => Posted(directory).Length;

    private static IEnumerable<string> Keys(string directory) => Posted(directory).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!);
}
