using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>The name of the copy.</summary>
public sealed record CloneRequest(string Name);

internal static class CloneWorkflow
{
    private static readonly Error NotInFolder = new("access.missing", ErrorKind.Forbidden, "The copy would lie in the same folder, which takes the right to edit that.");

    /// <summary>A new draft with another name and the same document, as JSON, in the same folder: elsewhere others might reach it.</summary>
    public static async Task<Created<WorkflowResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, CloneRequest request, ResourceGate resources, WorkflowStore store, Database database, AuditLog audit, TimeProvider clock,
        CancellationToken cancel)
    {
        if (new Checks().Text(request.Name, "/name", 1, WorkflowLimits.NameCharacters).Error() is { } invalid)
            return invalid;
        if (await store.Find(caller, id, cancel) is not { } row)
            return WorkflowErrors.NotFound;
        if (row.FolderId is { } folder && !await resources.Allows(caller, ResourceKind.Folder, Right.Edit, folder, cancel))
            return NotInFolder;
        var (text, format) = await store.Current(caller, row, cancel);
        var document = JsonNode.Parse(WorkflowReader.ToJson(text, format)!)!;
        document["name"] = request.Name;
        var copy = new WorkflowDocumentRequest(document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), DocumentFormat.Json);
        var created = await CreateWorkflow.Insert(caller, copy, request.Name, row.FolderId, "workflow.cloned", id, store, database, audit, clock, cancel);
        return created.Error is { } error ? error : Created<WorkflowResponse>.At($"../{created.Value.Id}", created.Value);
    }
}
