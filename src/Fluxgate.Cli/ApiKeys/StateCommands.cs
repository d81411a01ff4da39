using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.ApiKeys;

internal static class StateCommands
{
    public static Command Revoke() => Of("revoke", "Refuse the key from now on, for good.", _ => null);

    public static Command Restore() => Of("restore", "Let a suspended key go on.", _ => null);

    public static Command Suspend()
    {
        var reason = new Option<string>("--reason") { Description = "Why; it is shown and audited.", Required = true };
        return Of("suspend", "Refuse the key until it is restored.", parsed => new JsonObject { ["reason"] = parsed.GetValue(reason) }, reason);
    }

    private static Command Of(string verb, string description, Func<ParseResult, JsonObject?> body, params Option[] options)
    {
        var prefix = ApiKeysCommand.Prefix();
        var command = new Command(verb, description) { prefix };
        foreach (var option in options)
            command.Add(option);
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Post($"/api-keys/{await ApiKeysCommand.Id(client, parsed.GetValue(prefix)!, cancel)}/{verb}", body(parsed), cancel);
            return 0;
        });
        return command;
    }
}
