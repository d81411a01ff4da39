using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.ApiKeys;

internal static class CreateCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "What will use it." };
        var scopes = new Option<string[]>("--scope") { Description = "A permission; may be repeated.", Required = true };
        var networks = new Option<string[]>("--network") { Description = "An address or range (CIDR) that it is taken from; may be repeated." };
        var days = new Option<int?>("--days") { Description = "Days until it ends." };
        var tests = new Option<bool>("--for-tests") { Description = "A key that production refuses." };
        var command = new Command("create", "Make a key; it is printed here and never again.") { name, scopes, networks, days, tests };
        command.Act(async (parsed, client, cancel) =>
        {
            var key = await client.Post("/api-keys", new JsonObject
            {
                ["name"] = parsed.GetValue(name),
                ["scopes"] = List(parsed.GetValue(scopes)),
                ["networks"] = List(parsed.GetValue(networks)),
                ["expires_at"] = parsed.GetValue(days) is { } most ? TimeProvider.System.GetUtcNow().AddDays(most) : null,
                ["for_tests"] = parsed.GetValue(tests),
            }, cancel);
            Console.WriteLine(Table.Cell(key, "key"));
            return 0;
        });
        return command;
    }

    private static JsonArray List(string[]? texts) => [.. (texts ?? []).Select(t => (JsonNode)t)];
}
