using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Access;

internal static class ShowCommand
{
    public static Command Create()
    {
        var (kind, name, json) = (AccessCommand.Kind(), AccessCommand.Name(), OutputOption.Json());
        var command = new Command("show", "Mode and grants, and everybody who has any right.") { kind, name, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var path = await AccessCommand.Path(client, parsed.GetValue(kind)!, parsed.GetValue(name)!, cancel);
            var access = (await client.Get($"{path}/access", cancel))!;
            var reach = new JsonArray();
            await foreach (var who in client.List($"{path}/access/reach", cancel))
                reach.Add(who.DeepClone());
            if (parsed.GetValue(json))
            {
                access["reach"] = reach;
                Table.PrintJson(access);
                return 0;
            }
            Print(access, reach);
            return 0;
        });
        return command;
    }

    private static void Print(JsonNode access, JsonArray reach)
    {
        Console.WriteLine($"mode: {Table.Cell(access, "mode")}");
        if (access["inherited"] is { } folder)
            Console.WriteLine(Table.OneLine($"folder: {Table.Cell(folder, "folder_name")}, {Table.Cell(folder, "mode")}"));
        foreach (var grant in access["grants"]!.AsArray())
            Console.WriteLine(Table.OneLine($"grant: {Table.Cell(grant, "name")}: {Rights(grant!["rights"]!.AsArray().Select(r => r!.GetValue<string>()))}"));
        Console.WriteLine();
        Table.Print(["WHO", "MAY", "BY"], [.. reach.Select(who => (string[])[Table.Cell(who, "name"), Rights(Allowed(who!).Select(r => Table.Cell(r, "right"))), Sources(Allowed(who!))])]);
    }

    private static IEnumerable<JsonNode?> Allowed(JsonNode who) => who["rights"]!.AsArray().Where(r => r!["allowed"]!.GetValue<bool>());

    private static string Rights(IEnumerable<string> rights) => string.Join(",", rights);

    private static string Sources(IEnumerable<JsonNode?> rights) => string.Join("; ", rights.SelectMany(r => r!["sources"]!.AsArray()).Select(s => s!.GetValue<string>()).Distinct());
}
