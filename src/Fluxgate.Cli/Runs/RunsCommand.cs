using System.CommandLine;

namespace Fluxgate.Cli.Runs;

internal static class RunsCommand
{
    public static Command Create() => new("runs", "Runs of the organization's workflows.")
    {
        ListCommand.Create(),
        ShowCommand.Create(),
        WatchCommand.Create(),
        RevealCommand.Create(),
        SignalCommand.Create(),
        RetryCommand.Create(),
        CancelCommand.Create(),
    };
}
