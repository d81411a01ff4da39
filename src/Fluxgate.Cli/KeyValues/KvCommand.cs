using System.CommandLine;

namespace Fluxgate.Cli.KeyValues;

internal static class KvCommand
{
    public static Command Create() => new("kv", "The key-value store of the organization and its workflows.")
    {
        ListCommand.Create(),
        GetCommand.Create(),
        SetCommand.Create(),
        IncrementCommand.Create(),
        DeleteCommand.Create(),
    };
}
