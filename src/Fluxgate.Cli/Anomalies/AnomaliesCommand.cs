using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.ApiKeys;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Anomalies;

internal static class AnomaliesCommand
{
    private const int Shown = 200;

    public static Command Create() => new("anomalies", "What was unusual of API keys and connectors.") { List(), Acknowledge(), SettingsCommand.Create() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that were acknowledged." };
        var prefix = new Option<string?>("--key") { Description = "Those of the API key with this prefix." };
        var kind = new Option<string?>("--kind") { Description = "Those of this kind, such as new_network." };
        var json = OutputOption.Json();
        var command = new Command("list", $"The newest {Shown} that are open.") { all, prefix, kind, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var query = $"/anomalies?limit={Shown}";
            if (!parsed.GetValue(all))
                query += "&state=open";
            if (parsed.GetValue(prefix) is { } key)
                query += $"&subject_id={await ApiKeysCommand.Id(client, key, cancel)}";
            if (parsed.GetValue(kind) is { } named)
                query += $"&kind={Uri.EscapeDataString(named)}";
            var anomalies = (await client.Get(query, cancel))!["items"]!.AsArray();
            if (parsed.GetValue(json))
                Table.PrintJson(anomalies);
            else
                Table.Print(["ID", "LAST SEEN", "STATE", "KIND", "WHOSE", "WHAT"], [.. anomalies.Select(a => (string[])
                [
                    Table.Cell(a, "id"), Table.Time(a, "last_seen"), Table.Cell(a, "state"), Table.Cell(a, "kind"), Table.Cell(a, "subject_name"), Table.Cell(a, "summary"),
                ])]);
            return 0;
        });
        return command;
    }

    private static Command Acknowledge()
    {
        var id = new Argument<Guid>("id") { Description = "The anomaly." };
        var note = new Option<string?>("--note") { Description = "What came of it; it is shown and audited." };
        var restore = new Option<bool>("--restore") { Description = "Let its key go on, if that is suspended." };
        var command = new Command("acknowledge", "Say that it has been seen to; the next one alerts anew.") { id, note, restore };
        command.Act(async (parsed, client, cancel) =>
        {
            var acknowledged = await client.Post($"/anomalies/{parsed.GetValue(id)}/acknowledge", new JsonObject { ["note"] = parsed.GetValue(note) }, cancel);
            if (parsed.GetValue(restore) && acknowledged!["subject_suspended"]!.GetValue<bool>())
                await client.Post($"/api-keys/{acknowledged["subject_id"]}/restore", null, cancel);
            return 0;
        });
        return command;
    }
}
