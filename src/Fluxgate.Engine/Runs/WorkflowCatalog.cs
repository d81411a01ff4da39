using System.Collections.Concurrent;
using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Runs;

/// <summary>Published versions, read and compiled once: a version never changes.</summary>
public sealed class WorkflowCatalog(Database database, KeyVault vault)
{
    private const int Most = 10_000;

    private sealed record VersionRow(byte[] Document, DocumentFormat DocumentFormat);

    private readonly ConcurrentDictionary<(OrganizationId, WorkflowId, int), Workflow> compiled = new();

    private sealed record NamedRow(WorkflowId Id, string Name, string State, int? PublishedVersion);

    /// <summary>
    /// The workflow of that name as a step may call it: <c>workflow.not_found</c>, <c>workflow.not_published</c>, or
    /// <c>workflow.not_callable</c> if something else starts it.
    /// </summary>
    public async Task<Result<CallableWorkflow>> Callable(OrganizationId organization, string name, CancellationToken cancel)
    {
        var row = await database.Engine(organization).QueryOptional<NamedRow>($"""
            select id, name, state, published_version from workflows
            where organization_id = {organization} and name_norm = {Workflow.NormaliseName(name)} and state <> 'archived'
            """, cancel);
        if (row is null)
            return NoWorkflow(name);
        if (row is not { State: "published", PublishedVersion: { } version })
            return new Error("workflow.not_published", ErrorKind.NotFound, $"The workflow '{row.Name}' is {row.State}; only a published one is called.");
        var workflow = await Get(organization, row.Id, version, cancel);
        if (workflow.Error is { } unreadable)
            return unreadable;
        return workflow.Value.Trigger.Type == TriggerType.Workflow
            ? new CallableWorkflow(row.Id, version, row.Name)
            : Error.Refused("workflow.not_callable", $"The workflow '{row.Name}' has the trigger {workflow.Value.Trigger.Type.Name}; one that is called has the trigger workflow.");
    }

    public static Error NoWorkflow(string name) => new("workflow.not_found", ErrorKind.NotFound, $"There is no workflow '{name}'.");

    public async ValueTask<Result<Workflow>> Get(OrganizationId organization, WorkflowId workflow, int version, CancellationToken cancel)
    {
        if (compiled.TryGetValue((organization, workflow, version), out var known))
            return known;
        var row = await database.Engine(organization).QueryOptional<VersionRow>($"""
            select document, document_format from workflow_versions
            where organization_id = {organization} and workflow_id = {workflow} and version = {version}
            """, cancel);
        if (row is null)
            return Error.NotFound("workflow_version");
        var cipher = await vault.For(organization, cancel);
        var text = Encoding.UTF8.GetString(cipher.Open(SealedField.WorkflowDocument, workflow.Value, row.Document));
        var read = WorkflowReader.Read(text, row.DocumentFormat);
        if (read.Succeeded)
        {
            if (compiled.Count >= Most)
                compiled.Clear();
            compiled[(organization, workflow, version)] = read.Value;
        }
        return read;
    }
}

/// <summary>A published version that a step may call.</summary>
public sealed record CallableWorkflow(WorkflowId Id, int Version, string Name);
