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

/// <summary>The run, one that has ended, that other versions are compared with.</summary>
public sealed record RecordTestRequest(RunId RunId);

internal static class RecordTest
{
    /// <summary>Keeps a copy of a run as the test of that name, in place of the one before if there is one.</summary>
    public static async Task<Reply<WorkflowTestSummary>> Handle(
        OrganizationCaller caller, WorkflowId id, string name, RecordTestRequest request, RunReader runs, WorkflowTestStore store, TestBench bench,
        Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (!await store.HasWorkflow(caller, id, cancel))
            return WorkflowErrors.NotFound;
        if (WorkflowTestStore.NameFault(name) is { } invalid)
            return invalid;
        var read = await runs.Read(caller, request.RunId, cancel);
        if (read.Error is { } absent)
            return absent;
        var run = read.Value;
        if (run.Summary.WorkflowId != id)
            return WorkflowTestErrors.OtherWorkflow;
        if (!run.State.Status.IsFinal())
            return WorkflowTestErrors.NotFinished;
        var events = RunJournal.Write(run.Events);
        if (events.Length > WorkflowTestStore.LargestRecording)
            return WorkflowTestErrors.TooLarge;
        var recording = new Recording(request.RunId, run.State.Workflow, run.Events);
        if (recording.IsTooLarge)
            return WorkflowTestErrors.DoesTooMuch;
        if (await Unrepeatable(recording, bench, cancel) is { } unrepeatable)
            return unrepeatable;
        var sensitive = await runs.Sensitive(caller, run, cancel);
        var summary = new WorkflowTestSummary(name, request.RunId, run.Summary.WorkflowVersion, recording.Trace.Count(e => e.Kind == TraceKind.Call), clock.GetUtcNow());
        var row = Uuid.New(clock);
        var (journal, hidden) = await store.Seal(caller.Organization, row, events, sensitive, cancel);
        return await database.As(caller).Attempt<WorkflowTestSummary>(async transaction =>
        {
            // The workflow's row is what two recordings at once wait for.
            await transaction.Execute($"select from workflows where organization_id = {caller.Organization} and id = {id} for update", cancel);
            var before = await transaction.QueryOptional<string>($"select run_id::text from workflow_tests where organization_id = {caller.Organization} and workflow_id = {id} and name = {name}", cancel);
            if (before is null && await transaction.QueryOne<long>($"select count(*) from workflow_tests where organization_id = {caller.Organization} and workflow_id = {id}", cancel) >= WorkflowTestStore.Most)
                return WorkflowTestErrors.TooMany;
            await transaction.Execute($"""
                insert into workflow_tests (organization_id, workflow_id, name, id, run_id, workflow_version, calls, format, events, hidden, recorded_by, recorded_at)
                values ({caller.Organization}, {id}, {name}, {row}, {request.RunId}, {summary.Version}, {summary.Calls}, {RunJournal.Format}, {journal}, {hidden}, {caller.User}, {summary.RecordedAt})
                on conflict (organization_id, workflow_id, name) do update
                set id = excluded.id, run_id = excluded.run_id, workflow_version = excluded.workflow_version, calls = excluded.calls, format = excluded.format,
                    events = excluded.events, hidden = excluded.hidden, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("workflow_test.recorded", before is null ? "create" : "update", caller.Actor, new AuditResource("workflow", id.Value, run.Summary.WorkflowName))
            {
                Details = new JsonObject { ["test"] = name },
                Before = before is null ? null : new JsonObject { ["run_id"] = before },
                After = new JsonObject { ["run_id"] = request.RunId.ToString() },
            }, cancel);
            return summary;
        }, cancel);
    }

    /// <summary>A test that its own version does not pass would say nothing of another.</summary>
    private static async Task<Error?> Unrepeatable(Recording recording, TestBench bench, CancellationToken cancel)
    {
        var replayed = await bench.InTurn(token => Task.FromResult<Result<Recording>>(Replay.Of(recording, recording.State.Workflow, token)), cancel);
        if (replayed.Error is { } error)
            return error;
        return Comparison.Differences(recording, replayed.Value, 1) is [var difference, ..]
            ? Error.Refused("workflow_test.not_repeatable", $"The run does not come out the same when it is replayed ({SnakeCase.From(difference.Kind)} {difference.Step} {difference.Pointer}), so it cannot be a test.")
            : null;
    }
}
