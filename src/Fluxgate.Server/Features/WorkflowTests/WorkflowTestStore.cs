using System.Text.Json;
using System.Text.RegularExpressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.WorkflowTests;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Features.Runs;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WorkflowTests;

/// <summary>A recording, and what is not shown of it.</summary>
internal sealed record StoredTest(WorkflowTestSummary Summary, Recording Recording, SensitiveData Sensitive);

/// <summary>Rows of recorded runs.</summary>
internal sealed partial class WorkflowTestStore(Database database, KeyVault vault, WorkflowCatalog workflows)
{
    /// <summary>Tests of one workflow.</summary>
    public const int Most = 100;

    /// <summary>Bytes of a recording's journal.</summary>
    public const int LargestRecording = 1024 * 1024;

    private sealed record Row(string Name, Guid Id, RunId RunId, int WorkflowVersion, int Calls, int Format, byte[] Events, byte[] Hidden, DateTimeOffset RecordedAt);

    /// <summary>The fault of a name, or null.</summary>
    public static Error? NameFault(string name) => new Checks()
        .That(Name().IsMatch(name), "/name", "characters", "1–100 letters, digits, spaces, '.', '_' and '-', the first a letter or digit.")
        .Error("workflow_test.name");

    public Task<bool> HasWorkflow(OrganizationCaller caller, WorkflowId workflow, CancellationToken cancel) => database.As(caller).QueryOne<bool>($"""
        select exists (select from workflows where organization_id = {caller.Organization} and id = {workflow})
        """, cancel);

    public async Task<(byte[] Events, byte[] Hidden)> Seal(OrganizationId organization, Guid id, byte[] events, SensitiveData sensitive, CancellationToken cancel)
    {
        var cipher = await vault.For(organization, cancel);
        return (cipher.Seal(SealedField.WorkflowTestEvents, id, events), cipher.Seal(SealedField.WorkflowTestHidden, id, JsonSerializer.SerializeToUtf8Bytes(sensitive.Texts)));
    }

    /// <summary>The names of all tests of a workflow, in their order.</summary>
    public Task<IReadOnlyList<string>> Names(OrganizationCaller caller, WorkflowId workflow, CancellationToken cancel) => database.As(caller).Query<string>($"""
        select name from workflow_tests where organization_id = {caller.Organization} and workflow_id = {workflow} order by name limit {Most}
        """, cancel);

    /// <summary>One test; null if there is none of that name.</summary>
    public async Task<StoredTest?> Read(OrganizationCaller caller, WorkflowId workflow, string name, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<Row>($"""
            select name, id, run_id, workflow_version, calls, format, events, hidden, recorded_at from workflow_tests
            where organization_id = {caller.Organization} and workflow_id = {workflow} and name = {name}
            """, cancel);
        if (row is null)
            return null;
        var cipher = await vault.For(caller.Organization, cancel);
        var version = await workflows.Get(caller.Organization, workflow, row.WorkflowVersion, cancel);
        if (version.Error is { } unreadable)
            throw new InvalidOperationException($"Version {row.WorkflowVersion} of workflow {workflow} does not read any more: {unreadable.Code}.");
        var recording = new Recording(row.RunId, version.Value, RunJournal.Read(row.Format, cipher.Open(SealedField.WorkflowTestEvents, row.Id, row.Events)));
        var sensitive = new SensitiveData();
        sensitive.Take(JsonSerializer.Deserialize<string[]>(cipher.Open(SealedField.WorkflowTestHidden, row.Id, row.Hidden))!);
        return new StoredTest(new WorkflowTestSummary(row.Name, row.RunId, row.WorkflowVersion, row.Calls, row.RecordedAt), recording, sensitive);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
