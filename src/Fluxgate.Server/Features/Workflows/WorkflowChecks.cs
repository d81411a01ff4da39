using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Nodes.Code;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>What must hold beyond the document itself: its connectors, credentials and the workflows that it calls. A draft may name what does not exist yet; a published version may not.</summary>
internal sealed class WorkflowChecks(ConnectionCatalog connections, WorkflowCatalog workflows, CodeSandbox sandbox)
{
    /// <summary>The parsed workflow, or every fault of the text and of what it refers to.</summary>
    public async Task<Result<Workflow>> Check(OrganizationCaller caller, WorkflowDocumentRequest request, bool publishing, CancellationToken cancel)
    {
        var read = WorkflowReader.Read(request.Document, request.Format);
        if (!read.Succeeded)
            return read;
        var faults = new List<FieldError>();
        foreach (var node in read.Value.Graph.AllNodes.Where(n => n.Type == NodeTypes.Http || n.Type == NodeTypes.Graphql))
            await CheckConnector(caller.Organization, node, publishing, faults, cancel);
        foreach (var node in read.Value.Graph.AllNodes.Where(n => n.Type == NodeTypes.Workflow))
            await CheckCalled(caller.Organization, read.Value, node.CalledWorkflow, $"{node.Pointer}/settings/workflow", publishing, faults, cancel);
        foreach (var node in read.Value.Graph.AllNodes.Where(n => n.Type == NodeTypes.Code))
            await CheckCode(node, publishing, faults, cancel);
        if (read.Value.ErrorWorkflow is { } errorWorkflow)
            await CheckCalled(caller.Organization, read.Value, errorWorkflow, "/error_workflow", publishing, faults, cancel);
        foreach (var node in read.Value.Graph.AllNodes)
            await CheckCredentials(caller.Organization, node.Type.Settings, node.RawSettings, $"{node.Pointer}/settings", publishing, faults, cancel);
        await CheckCredentials(caller.Organization, read.Value.Trigger.Type.Settings, read.Value.Trigger.Settings, "/trigger/settings", publishing, faults, cancel);
        await CheckTrigger(caller.Organization, read.Value.Trigger, publishing, faults, cancel);
        return faults.Count == 0 ? read : Error.Refused("workflow.invalid", "The workflow has faults; see errors.", [.. faults.Select(f => Place(request, f))]);
    }

    private static FieldError Place(WorkflowDocumentRequest request, FieldError fault) =>
        WorkflowReader.PlaceOf(request.Document, request.Format, fault.Pointer) is var (line, column) ? fault with { Line = line, Column = column } : fault;

    private async Task CheckConnector(OrganizationId organization, Node node, bool publishing, List<FieldError> faults, CancellationToken cancel)
    {
        var pointer = $"{node.Pointer}/settings";
        var resolved = await connections.Resolve(organization, Text(node.RawSettings, "connector"), cancel);
        if (resolved.Error is { } error)
        {
            if (publishing || error.Kind != ErrorKind.NotFound)
                faults.Add(new FieldError($"{pointer}/connector", error.Code, error.Message));
        }
        else if (resolved.Value.Endpoint(Text(node.RawSettings, "endpoint")) is { } endpoint)
        {
            if (node.Type == NodeTypes.Graphql && endpoint.Method != HttpMethods.Post)
                faults.Add(new FieldError($"{pointer}/endpoint", "graphql.method", $"A GraphQL operation is a POST; this endpoint is a {endpoint.Method}."));
        }
        else
        {
            faults.Add(new FieldError($"{pointer}/endpoint", "http.unknown_endpoint", $"The connector '{resolved.Value.Name}' has no such endpoint; it has {string.Join(", ", resolved.Value.Endpoints.Select(e => e.Name))}."));
        }
    }

    private async Task CheckCode(Node node, bool publishing, List<FieldError> faults, CancellationToken cancel)
    {
        if (publishing && await sandbox.Refusal(cancel) is { } refused)
            faults.Add(new FieldError($"{node.Pointer}/type", refused.Code, refused.Message));
    }

    private async Task CheckCalled(OrganizationId organization, Workflow caller, string called, string pointer, bool publishing, List<FieldError> faults, CancellationToken cancel)
    {
        // Itself: the version that is about to be published is the one that will be called.
        if (Workflow.NormaliseName(called) == Workflow.NormaliseName(caller.Name))
        {
            if (caller.Trigger.Type != TriggerType.Workflow)
                faults.Add(new FieldError(pointer, "workflow.not_callable", $"A workflow that is called has the trigger workflow; this one has {caller.Trigger.Type.Name}."));
            return;
        }
        var found = await workflows.Callable(organization, called, cancel);
        if (found.Error is { } error && (publishing || error.Kind != ErrorKind.NotFound))
            faults.Add(new FieldError(pointer, error.Code, error.Message));
    }

    /// <summary>What settings name credentials, and of which type, their type declares.</summary>
    private async Task CheckCredentials(
        OrganizationId organization, IReadOnlyList<SettingField> fields, CelValue settings, string pointer, bool publishing, List<FieldError> faults, CancellationToken cancel)
    {
        foreach (var field in fields.Where(f => f.CredentialTypes.Count > 0))
        {
            var credential = await connections.Credential(organization, Text(settings, field.Name), field.CredentialTypes[0], cancel);
            if (credential.Error is { } error && (publishing || error.Kind != ErrorKind.NotFound))
                faults.Add(new FieldError($"{pointer}/{field.Name}", error.Code, error.Message));
        }
    }

    private async Task CheckTrigger(OrganizationId organization, Trigger trigger, bool publishing, List<FieldError> faults, CancellationToken cancel)
    {
        if (trigger.Type != TriggerType.Webhook || !trigger.Settings.TryGetMember("auth", out var auth))
            return;
        if (Text(auth, "type") == TriggerType.NoAuthentication)
            return;
        var credential = await connections.Credential(organization, Text(auth, "credential"), Text(auth, "type"), cancel);
        if (credential.Error is { } error && (publishing || error.Kind != ErrorKind.NotFound))
            faults.Add(new FieldError("/trigger/settings/auth/credential", error.Code, error.Message));
    }

    private static string Text(CelValue map, string name) => map.TryGetMember(name, out var value) ? value.AsString : "";
}
