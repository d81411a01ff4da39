using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fluxgate.Guards.Tests.Database;

public sealed partial class SchemaSnapshot
{
    /// <summary>Partitions of a month are made by the clock, not by a migration.</summary>
    private const string MonthlyPartitions = "public.*_[0-9][0-9][0-9][0-9][0-9][0-9]";

    [Fact]
    public async Task The_sum_of_the_migrations_is_schema_sql()
    {
        var installation = await Installation.Get();
        var start = new ProcessStartInfo(Program(), ["--schema-only", "--exclude-table", MonthlyPartitions, "-h", installation.DatabaseSocket, "-U", Installation.Admin, "fluxgate"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var dump = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Repository.AssertSnapshot("src/Fluxgate.Data/Migrations/schema.sql", Normalise(dump));
    }

    /// <summary>Leaves out what differs between builds of pg_dump: comments, settings of the restoring session, meta-commands.</summary>
    private static string Normalise(string dump)
    {
        var statements = Blank().Split(string.Join('\n', dump.Split('\n').Where(l => !l.StartsWith("--", StringComparison.Ordinal) && !l.StartsWith('\\'))).Trim());
        var kept = statements.Where(s => !s.StartsWith("SET ", StringComparison.Ordinal) && !s.StartsWith("SELECT pg_catalog.set_config", StringComparison.Ordinal));
        return string.Join("\n\n", kept.Select(s => s.Trim())) + "\n";
    }

    [GeneratedRegex(@"\n{2,}")]
    private static partial Regex Blank();

    private static string Program() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", "pg_dump")).Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault("pg_dump")
            : "pg_dump";
}
