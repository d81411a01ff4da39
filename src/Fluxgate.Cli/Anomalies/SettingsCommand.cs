using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Anomalies;

/// <summary>What the organization calls unusual.</summary>
internal static class SettingsCommand
{
    private const string Path = "/anomaly-settings";

    private static readonly (string Member, string Description)[] Switches =
    [
        ("volume", "Many more requests of a key in an hour than usual"),
        ("volume_suspends", "That suspends the key"),
        ("new_network", "A key that is used from a new network"),
        ("new_network_suspends", "That suspends the key"),
        ("error_rate", "Many errors of a key"),
        ("error_rate_suspends", "That suspends the key"),
        ("unusual_hours", "A key that is used at an unusual hour of the day"),
        ("unusual_hours_suspends", "That suspends the key"),
        ("outbound_bytes", "Many more bytes of a connector in an hour than usual"),
        ("new_host", "A connector that calls a new host"),
    ];

    private static readonly (string Member, string Description)[] Numbers =
    [
        ("volume_factor", "How many times the median hour is too many requests."),
        ("volume_over", "Up to so many requests in an hour are never too many."),
        ("error_percent", "More than so many of a hundred are too many errors."),
        ("error_calls", "In how many requests errors are counted."),
        ("usual_days", "On how many of the seven days before there were requests."),
        ("outbound_factor", "How many times the median hour is too many bytes."),
        ("outbound_over", "Up to so many bytes in an hour are never too many."),
        ("history_hours", "How long a key or connector is known before anything is new or much."),
    ];

    public static Command Create() => new("settings", "What the organization calls unusual.") { Show(), Set() };

    private static Command Show()
    {
        var json = OutputOption.Json();
        var command = new Command("show", "The settings in force.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var settings = (await client.Get(Path, cancel))!["settings"]!.AsObject();
            if (parsed.GetValue(json))
                Table.PrintJson(settings);
            else
                Table.Print(["SETTING", "VALUE"], [.. settings.Select(s => (string[])[s.Key, Text(s.Value!)])]);
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var switches = Switches.Select(s => (s.Member, Option: OnOff(s.Member, s.Description))).ToArray();
        var numbers = Numbers.Select(n => (n.Member, Option: new Option<long?>(Name(n.Member)) { Description = n.Description })).ToArray();
        var command = new Command("set", "Change settings; what is not named stays.");
        foreach (var (_, option) in switches)
            command.Add(option);
        foreach (var (_, option) in numbers)
            command.Add(option);
        command.Act(async (parsed, client, cancel) =>
        {
            var current = (await client.Get(Path, cancel))!;
            var next = current["settings"]!.DeepClone().AsObject();
            foreach (var (member, option) in switches)
                if (parsed.GetValue(option) is { } state)
                    next[member] = state == "on";
            foreach (var (member, option) in numbers)
                if (parsed.GetValue(option) is { } number)
                    next[member] = number;
            await client.Put(Path, next, cancel, ("If-Match", $"\"{current["version"]}\""));
            return 0;
        });
        return command;
    }

    private static Option<string?> OnOff(string member, string description)
    {
        var option = new Option<string?>(Name(member)) { Description = $"{description}: on or off." };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }

    private static string Name(string member) => "--" + member.Replace('_', '-');

    private static string Text(JsonNode value) => value.AsValue().TryGetValue<bool>(out var state) ? state ? "on" : "off" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
