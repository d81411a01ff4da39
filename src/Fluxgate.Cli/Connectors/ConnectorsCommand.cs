using System.CommandLine;

namespace Fluxgate.Cli.Connectors;

internal static class ConnectorsCommand
{
    public static Command Create() => new("connectors", "Outside services that workflows call.")
    {
        ListCommand.Create(),
        TestCommand.Create(),
        ResetBreakerCommand.Create(),
    };
}
