using System.Text.Json.Nodes;

namespace Fluxgate.Cli.Workflows;

internal static class WorkflowFile
{
    /// <summary>The file as the API takes a document: <c>{document, format}</c>.</summary>
    public static async Task<JsonObject> Read(string file, CancellationToken cancel) => new()
    {
        ["document"] = await File.ReadAllTextAsync(file, cancel),
        ["format"] = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "yaml",
    };
}
