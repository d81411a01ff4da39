using System.CommandLine;
using Fluxgate.Server;

namespace Fluxgate.Cli;

internal static class NewApiKeyCommand
{
    public static Command Create()
    {
        var command = new Command("new-api-key", "Print a new API key, to be declared in the bootstrap section of the configuration.");
        command.SetAction(_ => Console.WriteLine(OperatorTools.NewApiKey()));
        return command;
    }
}
