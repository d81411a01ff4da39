using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Workflows;

internal static class TestCommand
{
    private const int ValueCharacters = 200;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var subject = new Argument<string>("workflow") { Description = "Name of a workflow, or a file with its document: .json is JSON, anything else YAML." };
        var version = new Option<int?>("--version") { Description = "A published version. Default: the draft, or the published version if there is none." };
        var only = new Option<string[]>("--only") { Description = "Names of tests. Default: all." };
        var json = OutputOption.Json();
        var command = new Command("test", "Replay the recorded runs of a workflow, offline; exit 0 only if each does what it did.") { subject, version, only, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var named = parsed.GetValue(subject)!;
            var request = new JsonObject();
            if (parsed.GetValue(version) is { } number)
                request["version"] = number;
            if (parsed.GetValue(only) is { Length: > 0 } names)
                request["tests"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
            var name = named;
            if (File.Exists(named))
            {
                var document = await WorkflowFile.Read(named, cancel);
                var validation = (await client.Post("/workflows/validate", document.DeepClone(), cancel))!;
                if (validation["name"] is null && DocumentFaults.Print(named, validation["errors"] as JsonArray))
                    return 1;
                name = Table.Cell(validation, "name");
                request["document"] = document;
            }
            var result = (await client.Post($"/workflows/{await NamedResources.Id(client, "workflow", name, cancel)}/test", request, cancel))!;
            if (parsed.GetValue(json))
                Table.PrintJson(result);
            else
                Print(result);
            return result["failed"]!.GetValue<int>() == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Print(JsonNode result)
    {
        foreach (var test in result["tests"]!.AsArray())
        {
            var passed = test!["passed"]!.GetValue<bool>();
            Console.WriteLine(Table.OneLine($"{(passed ? "ok  " : "FAIL")}  {Table.Cell(test, "name")}"));
            foreach (var difference in test["differences"]!.AsArray())
                Console.WriteLine(Line(difference!));
            if (!passed && test["changed_steps"] is JsonArray { Count: > 0 } steps)
                Console.WriteLine(Table.OneLine($"      steps that give something else: {string.Join(", ", steps)}"));
        }
        Console.WriteLine($"{Table.Cell(result, "passed")} passed, {Table.Cell(result, "failed")} failed");
    }

    /// <summary>Such as <c>- call pay #1 /settings/body: 14</c>; what is expected comes first, as in a patch.</summary>
    private static string Line(JsonNode difference)
    {
        var place = $"{Table.Cell(difference, "kind")} {Table.Cell(difference, "step")} #{Table.Cell(difference, "attempt")} {Table.Cell(difference, "pointer")}".TrimEnd();
        var lines = new List<string>();
        if (Table.Cell(difference, "change") != "added")
            lines.Add(Table.OneLine($"      - {place}: {Value(difference["expected"])}"));
        if (Table.Cell(difference, "change") != "missing")
            lines.Add(Table.OneLine($"      + {place}: {Value(difference["actual"])}"));
        return string.Join('\n', lines);
    }

    private static string Value(JsonNode? value)
    {
        var text = value?.ToJsonString(Compact) ?? "null";
        return text.Length > ValueCharacters ? $"{text[..ValueCharacters]}…" : text;
    }
}
