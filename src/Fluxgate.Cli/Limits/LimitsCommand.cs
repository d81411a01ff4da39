using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Limits;

internal static class LimitsCommand
{
    private const string Path = "/settings/limits";
    private const string Default = "default";

    public static Command Create() => new("limits", "How many requests are taken, and who went over.") { Show(), Set() };

    private static Command Show()
    {
        var json = OutputOption.Json();
        var command = new Command("show", "The limits in force, and what was refused within 24 hours.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var limits = (await client.Get(Path, cancel))!;
            if (parsed.GetValue(json))
            {
                Table.PrintJson(limits);
                return 0;
            }
            Table.Print(["LIMIT", "REQUESTS", "SECONDS", "INSTALLATION"], [.. limits["limits"]!.AsArray().Select(l => (string[])
            [
                Table.Cell(l, "limit"), Table.Cell(l, "quota"), Table.Cell(l, "window_seconds"), Table.Cell(l, "installation_quota"),
            ])]);
            if (limits["violations"]!.AsArray() is { Count: > 0 } violations)
            {
                Console.WriteLine();
                Table.Print(["REFUSED", "BY", "WHOSE", "ID"], [.. violations.Select(v => (string[])
                [
                    Table.Cell(v, "refused"), Table.Cell(v, "limit"), Table.Cell(v, "subject_name"), Table.Cell(v, "subject_id"),
                ])]);
            }
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var organization = Quota("--organization", "Requests a minute of the whole organization");
        var key = Quota("--key", "Requests a minute of each API key");
        var command = new Command("set", "Lower what the organization and its keys may send; what is not named stays.") { organization, key };
        command.Act(async (parsed, client, cancel) =>
        {
            var current = (await client.Get(Path, cancel))!;
            var next = new JsonObject
            {
                ["organization_a_minute"] = Chosen(parsed.GetValue(organization), current["organization_a_minute"]),
                ["key_a_minute"] = Chosen(parsed.GetValue(key), current["key_a_minute"]),
            };
            await client.Put(Path, next, cancel, ("If-Match", $"\"{current["version"]}\""));
            return 0;
        });
        return command;
    }

    private static Option<string?> Quota(string name, string what)
    {
        var option = new Option<string?>(name) { Description = $"{what}, or '{Default}' for what the installation takes." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && text != Default && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"'{text}' is no whole number, nor '{Default}'.");
        });
        return option;
    }

    private static JsonNode? Chosen(string? text, JsonNode? current) => text switch
    {
        null => current?.DeepClone(),
        Default => null,
        _ => long.Parse(text, CultureInfo.InvariantCulture),
    };
}
