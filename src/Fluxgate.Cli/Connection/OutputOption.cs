using System.CommandLine;

namespace Fluxgate.Cli.Connection;

/// <summary>The option of every command that lists or shows.</summary>
internal static class OutputOption
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for programs." };
}
