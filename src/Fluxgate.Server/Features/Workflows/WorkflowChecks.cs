using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Nodes.Code;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>What must hold beyond the document itself: its connectors, credentials and the workflows that it calls. A draft may name what does not exist yet, or what its writer may not use; a published version may not.</summary>
internal sealed class WorkflowChecks(ConnectionCatalog connections, WorkflowCatalog workflows, CodeSandbox sandbox, ResourceGate resources)
{
    /// <summary>The parsed workflow, or every fault of the text and of what it refers to.</summary>
    public async Task<Result<Workflow>> Check(OrganizationCaller caller, WorkflowDocumentRequest request, bool publishing, CancellationToken cancel)
    {
        var read = WorkflowReader.Read(request.Document, request.Format);
        if (!read.Succeeded)
            return read;
        var found = new Findings(caller.Organization, publishing);
        foreach (var node in read.Value.Graph.AllNodes.Where(n => n.Type == NodeTypes.Http || n.Type == NodeTypes.Graphql))
            await CheckConnector(node, found, cancel);
        foreach (var node in read.Value.Graph.AllNodes.Where(n => n.Type == NodeTypes.Workflow))
            await CheckCalled(read.Value, node.CalledWorkflow, $"{node.Pointer}/settings/workflow", found, cancel);
        foreach (var node in read.Value.Graph.AllNodes.Where(n => n.Type == NodeTypes.Code))
            await CheckCode(node, found, cancel);
        if (read.Value.ErrorWorkflow is { } errorWorkflow)
            await CheckCalled(read.Value, errorWorkflow, "/error_workflow", found, cancel);
        foreach (var node in read.Value.Graph.AllNodes)
            await CheckCredentials(node.Type.Settings, node.RawSettings, $"{node.Pointer}/settings", found, cancel);
        await CheckCredentials(read.Value.Trigger.Type.Settings, read.Value.Trigger.Settings, "/trigger/settings", found, cancel);
        await CheckTrigger(read.Value.Trigger, found, cancel);
        await CheckRights(caller, found, cancel);
        return found.Faults.Count == 0 ? read : Error.Refused("workflow.invalid", "The workflow has faults; see errors.", [.. found.Faults.Select(f => Place(request, f))]);
    }

    /// <summary>The faults, and what the document names: <see cref="Named"/> is judged at once, when all is known.</summary>
    private sealed record Findings(OrganizationId Organization, bool Publishing)
    {
        public List<FieldError> Faults { get; } = [];

        public List<(ResourceKind Kind, Guid Id, string Pointer, Error Unknown)> Named { get; } = [];

        /// <summary>A draft may name what is not there.</summary>
        public void Add(string pointer, Error error)
        {
            if (Publishing || error.Kind != ErrorKind.NotFound)
                Faults.Add(new FieldError(pointer, error.Code, error.Message));
        }
    }

    /// <summary>What whoever publishes may not use is to them as if it were not there: otherwise publishing would tell, and would lend the right to all who edit.</summary>
    private async Task CheckRights(OrganizationCaller caller, Findings found, CancellationToken cancel)
    {
        foreach (var kind in found.Named.GroupBy(n => n.Kind))
        {
            var allowed = await resources.Allowed(caller, kind.Key, kind.Key == ResourceKind.Workflow ? Right.Run : Right.Use, [.. kind.Select(n => n.Id).Distinct()], cancel);
            foreach (var (_, _, pointer, unknown) in kind.Where(n => !allowed.Contains(n.Id)))
            {
                // What was said of its endpoints would tell too.
                if (kind.Key == ResourceKind.Connector)
                    found.Faults.RemoveAll(f => f.Pointer == EndpointBeside(pointer));
                found.Add(pointer, unknown);
            }
        }
    }

    /// <summary>The pointer to the endpoint that is named beside a connector.</summary>
    private static string EndpointBeside(string connector) => $"{connector[..connector.LastIndexOf('/')]}/endpoint";

    private static FieldError Place(WorkflowDocumentRequest request, FieldError fault) =>
        WorkflowReader.PlaceOf(request.Document, request.Format, fault.Pointer) is var (line, column) ? fault with { Line = line, Column = column } : fault;

    private async Task CheckConnector(Node node, Findings found, CancellationToken cancel)
    {
        var pointer = $"{node.Pointer}/settings";
        var resolved = await connections.Resolve(found.Organization, Text(node.RawSettings, "connector"), cancel);
        if (resolved.Error is { } error)
        {
            found.Add($"{pointer}/connector", error);
            return;
        }
        found.Named.Add((ResourceKind.Connector, resolved.Value.Id, $"{pointer}/connector", ConnectionCatalog.NoConnector));
        if (resolved.Value.Endpoint(Text(node.RawSettings, "endpoint")) is { } endpoint)
        {
            if (node.Type == NodeTypes.Graphql && endpoint.Method != HttpMethods.Post)
                found.Faults.Add(new FieldError($"{pointer}/endpoint", "graphql.method", $"A GraphQL operation is a POST; this endpoint is a {endpoint.Method}."));
        }
        else
        {
            found.Faults.Add(new FieldError($"{pointer}/endpoint", "http.unknown_endpoint", $"The connector '{resolved.Value.Name}' has no such endpoint; it has {string.Join(", ", resolved.Value.Endpoints.Select(e => e.Name))}."));
        }
    }

    private async Task CheckCode(Node node, Findings found, CancellationToken cancel)
    {
        if (found.Publishing && await sandbox.Refusal(cancel) is { } refused)
            found.Faults.Add(new FieldError($"{node.Pointer}/type", refused.Code, refused.Message));
    }

    private async Task CheckCalled(Workflow caller, string called, string pointer, Findings found, CancellationToken cancel)
    {
        // Itself: the version that is about to be published is the one that will be called.
        if (Workflow.NormaliseName(called) == Workflow.NormaliseName(caller.Name))
        {
            if (caller.Trigger.Type != TriggerType.Workflow)
                found.Faults.Add(new FieldError(pointer, "workflow.not_callable", $"A workflow that is called has the trigger workflow; this one has {caller.Trigger.Type.Name}."));
            return;
        }
        var workflow = await workflows.Callable(found.Organization, called, cancel);
        if (workflow.Error is { } error)
            found.Add(pointer, error);
        else
            found.Named.Add((ResourceKind.Workflow, workflow.Value.Id.Value, pointer, WorkflowCatalog.NoWorkflow(called)));
    }

    /// <summary>What settings name credentials, and of which type, their type declares.</summary>
    private async Task CheckCredentials(IReadOnlyList<SettingField> fields, CelValue settings, string pointer, Findings found, CancellationToken cancel)
    {
        foreach (var field in fields.Where(f => f.CredentialTypes.Count > 0))
            await CheckCredential(Text(settings, field.Name), field.CredentialTypes[0], $"{pointer}/{field.Name}", found, cancel);
    }

    private async Task CheckTrigger(Trigger trigger, Findings found, CancellationToken cancel)
    {
        if (trigger.Type != TriggerType.Webhook || !trigger.Settings.TryGetMember("auth", out var auth))
            return;
        if (Text(auth, "type") != TriggerType.NoAuthentication)
            await CheckCredential(Text(auth, "credential"), Text(auth, "type"), "/trigger/settings/auth/credential", found, cancel);
    }

    private async Task CheckCredential(string name, string type, string pointer, Findings found, CancellationToken cancel)
    {
        var credential = await connections.Credential(found.Organization, name, type, cancel);
        if (credential.Error is { } error)
            found.Add(pointer, error);
        else
            found.Named.Add((ResourceKind.Credential, credential.Value.Id, pointer, ConnectionCatalog.NoCredential));
    }

    private static string Text(CelValue map, string name) => map.TryGetMember(name, out var value) ? value.AsString : "";
}
