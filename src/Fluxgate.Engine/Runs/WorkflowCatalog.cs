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
