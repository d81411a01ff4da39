using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.ClientKeys;

internal static class ClientKeysCommand
{
    public static Command Create() => new("client-keys", "Publishable keys of pages, which start public workflows.") { List(), New(), Change(), Revoke() };

    private static Argument<string> Key() => new("key") { Description = "The key, or its first 12 characters." };

    private static Option<string[]> Origins(bool required) =>
        new("--origin") { Description = "Origin of the pages, such as https://shop.example.com; may be repeated.", Required = required };

    private static Option<long?> AMinute() => new("--a-minute") { Description = "Requests a minute of all visitors together, at most what the installation takes." };

    private static Command List()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "Keys with their origins.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var keys = new JsonArray();
            await foreach (var key in client.List("/client-keys", cancel))
                keys.Add(key.DeepClone());
            if (parsed.GetValue(json))
                Table.PrintJson(keys);
            else
                Table.Print(["KEY", "NAME", "ORIGINS", "A MINUTE", "REVOKED"], [.. keys.Select(k => (string[])
                [
                    Table.Cell(k, "key"), Table.Cell(k, "name"), string.Join(' ', k!["origins"]!.AsArray().Select(o => o!.GetValue<string>())), Table.Cell(k, "a_minute"), Table.Time(k, "revoked_at"),
                ])]);
            return 0;
        });
        return command;
    }

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "Which pages show it." };
        var (origins, aMinute) = (Origins(required: true), AMinute());
        var command = new Command("create", "Make a key and print it.") { name, origins, aMinute };
        command.Act(async (parsed, client, cancel) =>
        {
            var made = await client.Post("/client-keys", Content(parsed.GetValue(name)!, Listed(parsed.GetValue(origins)!), parsed.GetValue(aMinute)), cancel);
            Console.WriteLine(Table.Cell(made, "key"));
            return 0;
        });
        return command;
    }

    private static Command Change()
    {
        var (key, origins, aMinute) = (Key(), Origins(required: false), AMinute());
        var name = new Option<string>("--name");
        var command = new Command("change", "Change what is given; the rest stays.") { key, name, origins, aMinute };
        command.Act(async (parsed, client, cancel) =>
        {
            var found = await Find(client, parsed.GetValue(key)!, cancel);
            var content = Content(
                parsed.GetValue(name) ?? Table.Cell(found, "name"),
                parsed.GetValue(origins) is { Length: > 0 } given ? Listed(given) : found["origins"]!.DeepClone(),
                parsed.GetValue(aMinute) ?? found["a_minute"]?.GetValue<long>());
            await client.Put($"/client-keys/{Table.Cell(found, "id")}", content, cancel, ("If-Match", $"\"{Table.Cell(found, "revision")}\""));
            return 0;
        });
        return command;
    }

    private static Command Revoke()
    {
        var key = Key();
        var command = new Command("revoke", "Refuse the key from now on, for good.") { key };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Post($"/client-keys/{Table.Cell(await Find(client, parsed.GetValue(key)!, cancel), "id")}/revoke", null, cancel);
            return 0;
        });
        return command;
    }

    private static JsonObject Content(string name, JsonNode origins, long? aMinute) => new() { ["name"] = name, ["origins"] = origins, ["a_minute"] = aMinute };

    private static JsonArray Listed(string[] origins) => [.. origins.Select(o => (JsonNode)o)];

    private static async Task<JsonObject> Find(FluxgateClient client, string key, CancellationToken cancel)
    {
        const int shortest = 12;
        await foreach (var found in client.List("/client-keys", cancel))
            if (key.Length >= shortest && Table.Cell(found, "key").StartsWith(key, StringComparison.Ordinal))
                return found;
        throw new CommandException("client_key.not_found", $"There is no client key that begins with '{key}'.");
    }
}
