using System.CommandLine;
using System.Data.Common;
using YamlDotNet.Core;

namespace Fluxgate.Cli;

/// <summary>What a command that runs a server has around it: why it does not start is said in words, not as a stack trace.</summary>
internal static class ServerAction
{
    public static void ActAsServer(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, cancel) =>
    {
        try
        {
            return await action(parsed, cancel);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or IOException or UnauthorizedAccessException or DbException or YamlException)
        {
            Console.Error.WriteLine($"start.refused: {e.Message}");
            return 1;
        }
    });
}
