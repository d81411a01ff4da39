using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Cli;

/// <summary>
/// <c>fluxgate cel EXPR [--bindings FILE]</c> prints a value as JSON. <c>fluxgate cel --jsonl</c> reads cases from
/// standard input, an object a line of <c>name</c>, <c>expr</c>, <c>bindings</c> (tagged values) and <c>container</c>,
/// and writes <c>{"name", "value"}</c> or <c>{"name", "error"}</c> for each.
/// </summary>
internal static class CelCommand
{
    // The output goes to a terminal or a program, never into a web page.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var expression = new Argument<string?>("expression") { Description = "The expression.", Arity = ArgumentArity.ZeroOrOne };
        var bindings = new Option<string?>("--bindings") { Description = "A file with a JSON object: the names the expression sees." };
        var lines = new Option<bool>("--jsonl") { Description = "Read cases from standard input, one JSON object a line." };
        var command = new Command("cel", "Evaluate an expression of the Common Expression Language.") { expression, bindings, lines };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(lines))
                return AnswerLines();
            return parsed.GetValue(expression) is { } source
                ? Answer(source, parsed.GetValue(bindings))
                : Fail("give an expression, or --jsonl", code: 2);
        });
        return command;
    }

    private static int Answer(string source, string? bindingsFile)
    {
        CelScope scope = DictionaryScope.Empty;
        if (bindingsFile is not null)
        {
            try
            {
                var read = CelValue.FromJson(File.ReadAllBytes(bindingsFile));
                if (read.Kind != CelKind.Map)
                    return Fail($"{bindingsFile} holds no JSON object");
                scope = new DictionaryScope(read.AsMap.ToDictionary(entry => entry.Key.AsString, entry => entry.Value));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
            {
                return Fail($"{bindingsFile}: {unreadable.Message}");
            }
        }
        var result = Evaluate(source, scope, container: null);
        if (!result.Succeeded)
            return Fail($"{result.Error.Code}: {result.Error.Message}");
        using (var output = Console.OpenStandardOutput())
        {
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = Readable.Encoder });
            result.Value.WriteJson(writer);
        }
        Console.WriteLine();
        return 0;
    }

    private static int AnswerLines()
    {
        // UTF-8 whatever the locale says, and a line out for each line in, so that a program may wait for it.
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        while (input.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            output.WriteLine(AnswerLine(line).ToJsonString(Readable));
        }
        return 0;
    }

    private static JsonObject AnswerLine(string line)
    {
        string? name = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var test = document.RootElement;
            name = test.TryGetProperty("name", out var given) ? given.GetString() : null;
            var bindings = test.TryGetProperty("bindings", out var bound)
                ? bound.EnumerateObject().ToDictionary(variable => variable.Name, variable => TaggedValue.Read(variable.Value))
                : [];
            var container = test.TryGetProperty("container", out var inside) ? inside.GetString() : null;
            var source = test.GetProperty("expr").GetString() ?? throw new JsonException("The expression is null.");
            var result = Evaluate(source, new DictionaryScope(bindings), container);
            return result.Match(
                value => new JsonObject { ["name"] = name, ["value"] = TaggedValue.Write(value) },
                error => new JsonObject { ["name"] = name, ["error"] = $"{error.Code}: {error.Message}" });
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return new JsonObject { ["name"] = name, ["error"] = $"cel.malformed_case: {malformed.Message}" };
        }
    }

    private static Result<CelValue> Evaluate(string source, CelScope scope, string? container)
    {
        var program = CelProgram.Compile(source, CelLimits.Default, container);
        return program.Succeeded ? program.Value.Evaluate(scope) : program.Error;
    }

    private static int Fail(string message, int code = 1)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
