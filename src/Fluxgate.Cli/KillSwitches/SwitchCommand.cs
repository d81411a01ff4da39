using System.CommandLine;
using System.Globalization;
using Fluxgate.Cli.Connection;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Switches;
using Fluxgate.Server;
using Fluxgate.Server.Features.KillSwitches;

namespace Fluxgate.Cli.KillSwitches;

/// <summary>For whoever runs the installation: works on the database itself, as <c>serve</c> does.</summary>
internal static class SwitchCommand
{
    public static Command Create() => new("switch", "Switch off for everybody, or a whole organization; for the operator, with the server's configuration.")
    {
        List(), Change("off", "Switch off; running servers know it within a second."), Change("on", "Lift a switch."),
    };

    private static Command List()
    {
        var command = new Command("list", "All that is off.") { ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer((parsed, cancel) => OperatorTools.WithSwitches(ServerSettings.Load(parsed), async switches =>
        {
            Table.Print(["SWITCH", "NAME", "SINCE", "BY", "REASON"], [.. (await switches.List(cancel)).Select(s => (string[])
            [
                s.Kind, s.Name, s.SetAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture), s.SetBy, s.Reason,
            ])]);
            return 0;
        }, cancel));
        return command;
    }

    private static Command Change(string verb, string description)
    {
        var command = new Command(verb, description);
        command.Add(Of("api", "Requests with an API key.", verb, null, (switches, _, off, reason, cancel) => switches.Set(InstallationSwitchKind.Api, "", off, reason, cancel)));
        command.Add(Of("hooks", "Webhooks that come in.", verb, null, (switches, _, off, reason, cancel) => switches.Set(InstallationSwitchKind.Hooks, "", off, reason, cancel)));
        command.Add(Of("node-type", "One type of node that reaches out of its run.", verb, new Argument<string>("type") { Description = string.Join(", ", OperatorSwitches.SwitchableTypes) + "." },
            (switches, type, off, reason, cancel) => switches.Set(InstallationSwitchKind.NodeType, type, off, reason, cancel)));
        command.Add(Of("organization", "One organization: its keys, its hooks and every start of a run.", verb, new Argument<string>("organization") { Description = "Slug of the organization." },
            (switches, slug, off, reason, cancel) => switches.SetOrganization(slug, off, reason, cancel)));
        return command;
    }

    private static Command Of(
        string what, string description, string verb, Argument<string>? name, Func<OperatorSwitches, string, bool, string, CancellationToken, Task<Result<Done>>> set)
    {
        var reason = KillSwitchesCommand.Reason();
        var command = new Command(what, description) { reason, ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        if (name is not null)
            command.Add(name);
        command.ActAsServer((parsed, cancel) => OperatorTools.WithSwitches(ServerSettings.Load(parsed), async switches =>
        {
            var done = await set(switches, name is null ? "" : parsed.GetValue(name)!, verb == "off", parsed.GetValue(reason)!, cancel);
            if (done.Error is not { } error)
                return 0;
            Console.Error.WriteLine($"{error.Code}: {error.Message}");
            return 1;
        }, cancel));
        return command;
    }
}
