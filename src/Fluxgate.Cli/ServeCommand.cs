using System.CommandLine;
using Fluxgate.Server;

namespace Fluxgate.Cli;

internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Run the API, the console and the engine.") { ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer(async (parsed, cancel) =>
        {
            await using var server = await FluxgateApplication.Start(ServerSettings.Load(parsed), cancel);
            Console.WriteLine($"Fluxgate listens on {server.Address}");
            if (server.SetupToken is { } token)
                Console.WriteLine($"First start: make the owner with this one-time set-up token: {token}");
            await server.WaitForShutdown(cancel);
            return 0;
        });
        return command;
    }
}
