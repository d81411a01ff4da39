using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Workflows;

internal static class ApplyCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "Workflow documents: .json is JSON, anything else YAML.", Arity = ArgumentArity.OneOrMore };
        var publish = new Option<bool>("--publish") { Description = "Publish what changed." };
        var command = new Command("apply", "Create or update workflows from files, by the name that stands in them. Repeating it changes nothing.") { files, publish };
        command.Act(async (parsed, client, cancel) =>
        {
            var faulty = false;
            foreach (var file in parsed.GetValue(files)!)
                faulty |= !await Apply(client, file, parsed.GetValue(publish), cancel);
            return faulty ? 1 : 0;
        });
        return command;
    }

    /// <summary>False if the document has faults; they are printed.</summary>
    private static async Task<bool> Apply(FluxgateClient client, string file, bool publish, CancellationToken cancel)
    {
        var document = await WorkflowFile.Read(file, cancel);
        try
        {
            // Checked whole before anything is touched, so that a fault leaves no opened draft behind.
            var validation = (await client.Post("/workflows/validate", document.DeepClone(), cancel))!;
            if (validation["errors"] is JsonArray { Count: > 0 } faults && (publish || faults.Any(f => !MayBeMissing(f))) && DocumentFaults.Print(file, faults))
                return false;
            var (workflow, done) = await Save(client, validation["name"]!.GetValue<string>(), document, cancel);
            if (publish && workflow["has_draft"]!.GetValue<bool>())
            {
                workflow = (await client.Post($"/workflows/{workflow["id"]}/publish", null, cancel))!;
                done += $", published version {Table.Cell(workflow, "published_version")}";
            }
            Console.WriteLine(Table.OneLine($"{file}: {Table.Cell(workflow, "name")}: {done}"));
            return true;
        }
        catch (FluxgateException e) when (DocumentFaults.Print(file, e))
        {
            return false;
        }
    }

    /// <summary>A draft may name connectors and credentials that do not exist yet.</summary>
    private static bool MayBeMissing(JsonNode? fault) => Table.Cell(fault, "code") is "connector.not_found" or "credential.not_found";

    private static async Task<(JsonNode Workflow, string Done)> Save(FluxgateClient client, string name, JsonObject document, CancellationToken cancel)
    {
        if (await NamedResources.Find(client, "/workflows", "name", name, cancel) is not { } listed)
            return ((await client.Post("/workflows", document, cancel))!, "created");
        var path = $"/workflows/{listed["id"]}";
        var current = (await client.Get(path, cancel))!;
        if (JsonNode.DeepEquals(current["document"], document["document"]) && JsonNode.DeepEquals(current["format"], document["format"]))
            return (current, "unchanged");
        if (!current["has_draft"]!.GetValue<bool>())
            current = (await client.Post($"{path}/draft", null, cancel))!;
        return ((await client.Put($"{path}/draft", document, cancel, ("If-Match", $"\"{current["revision"]}\"")))!, "updated");
    }
}
