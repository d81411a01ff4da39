using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Cli.Connection;

/// <summary>JSON that a command is given in a file; <c>-</c> is standard input.</summary>
internal static class JsonInput
{
    public static async Task<JsonNode?> Read(string file, CancellationToken cancel)
    {
        var text = file == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(file, cancel);
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new CommandException("input.malformed", $"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1} This is not JSON.");
        }
    }
}
