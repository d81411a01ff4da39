using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.WorkflowTests;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Runs;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WorkflowTests;

/// <summary>
/// One thing that the recorded run did: a call, question, wait, event, response, or its end. <paramref name="Step"/> is a path,
/// empty for the end. <paramref name="Answer"/> and <paramref name="Error"/> are what a call or question was answered.
/// </summary>
public sealed record RecordedEntry(TraceKind Kind, string Step, int Attempt, JsonElement Content, JsonElement? Answer, RunError? Error);

/// <summary>A recorded run: its trigger and what it did, in that order; of more than 1000 <paramref name="Entries"/> the rest is left out.</summary>
public sealed record WorkflowTestResponse(string Name, RunId RunId, int Version, int Calls, DateTimeOffset RecordedAt, JsonElement Trigger, IReadOnlyList<RecordedEntry> Entries);

internal static class GetTest
{
    private const int MostEntries = 1000;

    /// <summary>Run data, but for what is sensitive; reading it is an audit event.</summary>
    public static async Task<Reply<WorkflowTestResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, string name, WorkflowTestStore store, Database database, AuditLog audit, CancellationToken cancel)
    {
        if (!await store.HasWorkflow(caller, id, cancel))
            return WorkflowErrors.NotFound;
        if (await store.Read(caller, id, name, cancel) is not { } test)
            return WorkflowTestErrors.NotFound;
        await database.As(caller).Transact(transaction => audit.Append(
            transaction, caller.Organization, new AuditEntry("workflow_test.read", "read", caller.Actor, new AuditResource("workflow", id.Value, test.Recording.State.Workflow.Name))
            {
                Details = new JsonObject { ["test"] = name },
            }, cancel), cancel);
        var (summary, recording, sensitive) = test;
        return new WorkflowTestResponse(
            summary.Name, summary.RunId, summary.Version, summary.Calls, summary.RecordedAt,
            sensitive.Show(recording.State.Trigger, recording.State.Workflow.Trigger.Sensitive).Json,
            [.. recording.Trace.Take(MostEntries).Select(e => Entry(recording, e, sensitive))]);
    }

    private static RecordedEntry Entry(Recording recording, TraceEntry entry, SensitiveData sensitive)
    {
        var outcome = recording.OutcomeOf(entry);
        var hidden = outcome is StepSucceeded ? recording.State.PlaceOf(entry.Step).Node.Sensitive : [];
        return new RecordedEntry(
            entry.Kind, entry.Step, entry.Attempt, sensitive.Show(entry.Content, []).Json,
            outcome is StepSucceeded succeeded ? sensitive.Show(succeeded.Output, hidden).Json : null,
            sensitive.Show((outcome as StepFailed)?.Error).Error);
    }
}
