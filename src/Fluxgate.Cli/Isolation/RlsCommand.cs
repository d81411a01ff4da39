using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fluxgate.Cli.Connection;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Isolation;
using Fluxgate.Server;

namespace Fluxgate.Cli.Isolation;

/// <summary>For whoever runs the installation: works on the database itself, as <c>migrate</c> does.</summary>
internal static class RlsCommand
{
    private const int ExpressionCharacters = 70;

    private static readonly JsonSerializerOptions SnakeCased = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    public static Command Create() => new("rls", "Row level security; for the operator, with the server's configuration.") { Check() };

    private static Command Check()
    {
        var json = OutputOption.Json();
        var command = new Command("check", "List every policy, and try every table under every role as a second organization and person; exits 1 if anything is open that must not be.")
        {
            json, ServerSettings.ConfigurationFile, ServerSettings.DataDirectory,
        };
        command.ActAsServer(async (parsed, cancel) =>
        {
            var report = await OperatorTools.CheckIsolation(ServerSettings.Load(parsed), cancel);
            if (parsed.GetValue(json))
                Connection.Table.PrintJson(JsonSerializer.SerializeToNode(report, SnakeCased));
            else
                Print(report);
            return report.Faults.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Print(IsolationReport report)
    {
        var classes = report.Tables.ToDictionary(t => t.Name, t => t.Class is { } known ? SnakeCase.From(known) : "-");
        Connection.Table.Print(["TABLE", "CLASS", "POLICY", "FOR", "TO", "USING", "CHECK"], [.. report.Policies.Select(p => (string[])
        [
            p.Table, classes.GetValueOrDefault(p.Table, "-"), p.Permissive ? p.Name : $"{p.Name} (restrictive)", p.Command.ToLowerInvariant(), p.Roles,
            Short(p.Using), p.Check == p.Using ? "the same" : Short(p.Check),
        ])]);
        Print("WITHOUT A POLICY FOR THE APP", report.WithoutAppPolicy);
        Print("OPEN TO THE PLATFORM'S ROLE ACROSS ORGANIZATIONS", report.AcrossOrganizations);
        Console.WriteLine();
        Console.WriteLine($"{report.Tables.Count} tables, {report.Policies.Count} policies, {report.Probes} probes, {report.Faults.Count} faults");
        foreach (var fault in report.Faults)
            Console.WriteLine(Connection.Table.OneLine($"FAULT: {fault}"));
    }

    private static void Print(string title, IReadOnlyList<ExemptTable> tables)
    {
        Console.WriteLine();
        Connection.Table.Print([title, "REASON"], [.. tables.Select(t => (string[])[t.Name, t.Reason ?? "none: see the faults"])]);
    }

    private static string Short(string? expression) => expression switch
    {
        null => "-",
        { Length: > ExpressionCharacters } => expression[..ExpressionCharacters] + "…",
        _ => expression,
    };
}
