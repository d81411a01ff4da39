using System.CommandLine;
using Fluxgate.Server;

namespace Fluxgate.Cli;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database to this version's schema.") { ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer(async (parsed, cancel) =>
        {
            var applied = await OperatorTools.Migrate(ServerSettings.Load(parsed), cancel);
            foreach (var name in applied)
                Console.WriteLine($"applied {name}");
            if (applied.Count == 0)
                Console.WriteLine("up to date");
            return 0;
        });
        return command;
    }
}
