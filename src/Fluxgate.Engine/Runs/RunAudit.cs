using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Engine.Nodes;

namespace Fluxgate.Engine.Runs;

/// <summary>
/// A run's start and end as audit events: what ran, how it went and what it reached outside, never values. A run that
/// ends in the append of its start is one event, <c>run.finished</c> by whoever started it: most runs are such, and an
/// event is the dearest part of one.
/// </summary>
internal static class RunAudit
{
    public static IReadOnlyList<AuditRow> Rows(AuditLog audit, RunIdentity identity, RunState state, List<RunEvent> events, List<OutsideCall> calls)
    {
        var starts = events.Exists(e => e is RunStarted);
        if (state.Status.IsFinal() && events.Exists(e => e is RunFinished))
            return [audit.Prepare(identity.Organization, Finished(identity, state, calls, starts ? identity.StartedBy : new Actor(ActorKind.Run, identity.Run.Value, identity.WorkflowName)))];
        return starts ? [audit.Prepare(identity.Organization, Started(identity, state))] : [];
    }

    private static AuditEntry Started(RunIdentity identity, RunState state) =>
        new("run.started", "execute", identity.StartedBy, Resource(identity))
        {
            Details = Called(state, new JsonObject { ["workflow_id"] = identity.Workflow.ToString(), ["version"] = identity.Version, ["trigger"] = state.TriggerType }),
        };

    private static JsonObject Called(RunState state, JsonObject details)
    {
        if (state.RetryOf is { } retried)
            details["retry_of"] = retried.ToString();
        if (state.HandlesError)
            details["handles_error"] = true;
        if (state.Parent is { } parent)
            (details["parent_run_id"], details["parent_node"], details["depth"]) = (parent.Run.ToString(), parent.Node, parent.Depth);
        return details;
    }

    private static AuditEntry Finished(RunIdentity identity, RunState state, List<OutsideCall> calls, Actor actor) =>
        new("run.finished", "execute", actor, Resource(identity))
        {
            Result = state.Status == RunStatus.Succeeded ? "success" : "failed",
            Details = Called(state, new JsonObject
            {
                ["workflow_id"] = identity.Workflow.ToString(),
                ["version"] = identity.Version,
                ["trigger"] = state.TriggerType,
                ["status"] = SnakeCase.From(state.Status),
                ["error"] = state.Error?.Code,
                ["milliseconds"] = (long)(state.FinishedAt!.Value - state.StartedAt).TotalMilliseconds,
                ["steps"] = new JsonArray([.. state.Steps.Select((step, i) => (JsonNode)new JsonObject
                {
                    ["node"] = state.Workflow.Nodes[i].Id,
                    ["type"] = state.Workflow.Nodes[i].Type.Name,
                    ["status"] = SnakeCase.From(step.Status),
                    ["attempts"] = step.Attempt,
                    ["items"] = step.Loop?.Count,
                    ["child_run_id"] = step.Child?.ToString(),
                })]),
                ["calls"] = new JsonArray([.. calls.Select(call => (JsonNode)new JsonObject
                {
                    ["node"] = call.Node,
                    ["connector"] = call.Connector,
                    ["host"] = call.Host,
                    ["redirected_to"] = call.RedirectedTo,
                    ["method"] = call.Method,
                    ["status"] = call.Status,
                    ["milliseconds"] = call.Milliseconds,
                    ["bytes_out"] = call.BytesOut,
                    ["bytes_in"] = call.BytesIn,
                    ["credential"] = call.Credential?.Name,
                })]),
                ["credentials_used"] = new JsonArray([.. calls.Where(c => c.Credential is not null).GroupBy(c => (c.Credential!.Value, c.Node, c.Host)).Select(use => (JsonNode)new JsonObject
                {
                    ["credential"] = use.Key.Value.Name,
                    ["secret_version"] = use.Key.Value.Version,
                    ["node"] = use.Key.Node,
                    ["host"] = use.Key.Host,
                    ["uses"] = use.Count(),
                })]),
            }),
        };

    private static AuditResource Resource(RunIdentity identity) => new("run", identity.Run.Value, identity.WorkflowName);
}
