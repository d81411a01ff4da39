using System.CommandLine;
using Fluxgate.Server;

namespace Fluxgate.Cli.ApiKeys;

/// <summary>For whoever runs the installation: works on the database itself, as <c>serve</c> does.</summary>
internal static class RotatePepperCommand
{
    public static Command Create()
    {
        var command = new Command("rotate-pepper", "Hash API keys under a new pepper: new ones at once, others at their next use; for the operator, with the server's configuration.")
        {
            ServerSettings.ConfigurationFile, ServerSettings.DataDirectory,
        };
        command.ActAsServer(async (parsed, cancel) =>
        {
            Console.WriteLine($"The pepper has version {await OperatorTools.RotatePepper(ServerSettings.Load(parsed), cancel)} now.");
            return 0;
        });
        return command;
    }
}
