using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Workflows;
using Fluxgate.Client;

namespace Fluxgate.Cli.KillSwitches;

internal static class KillSwitchesCommand
{
    public static Command Create() => new("kill-switches", "What of the organization is switched off.")
    {
        List(), Change("off", "Switch off; every server knows it within a second. A key that switches the API off cannot lift that."), Change("on", "Lift a switch."),
    };

    public static Option<string> Reason() => new("--reason") { Description = "Why; it is shown and audited.", Required = true };

    private static Command List()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "All that is off.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var switches = (await client.Get("/kill-switches", cancel))!;
            if (parsed.GetValue(json))
                Table.PrintJson(switches);
            else
                Table.Print(["SWITCH", "WORKFLOW", "SINCE", "BY", "REASON"], [.. switches["off"]!.AsArray().Select(s => (string[])
                [
                    Table.Cell(s, "kind"), Table.Cell(s, "workflow_name"), Table.Cell(s, "set_at"), Table.Cell(s, "set_by"), Table.Cell(s, "reason"),
                ])]);
            return 0;
        });
        return command;
    }

    private static Command Change(string verb, string description)
    {
        var workflow = new Argument<string>("workflow") { Description = "Name of the workflow." };
        return new Command(verb, description)
        {
            Of("api", "Requests with a key of the organization.", verb, null, (_, _, _) => Task.FromResult("/kill-switches/api")),
            Of("hooks", "Webhooks that come in.", verb, null, (_, _, _) => Task.FromResult("/kill-switches/hooks")),
            Of("workflow", "Starts of one workflow.", verb, workflow, async (client, name, cancel) => $"/workflows/{await NamedResources.Id(client, "workflow", name!, cancel)}/kill-switch"),
        };
    }

    private static Command Of(string what, string description, string verb, Argument<string>? name, Func<FluxgateClient, string?, CancellationToken, Task<string>> path)
    {
        var reason = Reason();
        var command = new Command(what, description) { reason };
        if (name is not null)
            command.Add(name);
        command.Act(async (parsed, client, cancel) =>
        {
            var to = await path(client, name is null ? null : parsed.GetValue(name), cancel);
            await client.Put(to, new JsonObject { ["off"] = verb == "off", ["reason"] = parsed.GetValue(reason) }, cancel);
            return 0;
        });
        return command;
    }
}
