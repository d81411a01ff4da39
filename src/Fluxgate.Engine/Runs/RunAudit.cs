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
            Details = AuditObject.Of((identity, state), static (json, run) =>
            {
                var (identity, state) = run;
                if (state.Parent is { } parent)
                    json.Member("depth", parent.Depth);
                Circumstances(json, state);
                json.Member("trigger", state.TriggerType);
                json.Member("version", identity.Version);
                json.Member("workflow_id", identity.Workflow.Value);
            }),
        };

    private static AuditEntry Finished(RunIdentity identity, RunState state, List<OutsideCall> calls, Actor actor) =>
        new("run.finished", "execute", actor, Resource(identity))
        {
            Result = state.Status == RunStatus.Succeeded ? "success" : "failed",
            Details = AuditObject.Of((identity, state, calls), static (json, run) =>
            {
                var (identity, state, calls) = run;
                Calls(json, calls);
                CredentialsUsed(json, calls);
                if (state.Parent is { } parent)
                    json.Member("depth", parent.Depth);
                json.Member("error", state.Error?.Code);
                Circumstances(json, state);
                json.Member("status", SnakeCase.From(state.Status));
                Steps(json, state);
                json.Member("trigger", state.TriggerType);
                json.Member("version", identity.Version);
                json.Member("workflow_id", identity.Workflow.Value);
            }),
        };

    private static void Circumstances(AuditWriter json, RunState state)
    {
        if (state.HandlesError)
            json.True("handles_error");
        if (state.FinishedAt is { } finished)
            json.Member("milliseconds", (long)(finished - state.StartedAt).TotalMilliseconds);
        if (state.Parent is { } parent)
        {
            json.Member("parent_node", parent.Node);
            json.Member("parent_run_id", parent.Run.Value);
        }
        if (state.RetryOf is { } retried)
            json.Member("retry_of", retried.Value);
    }

    private static void Steps(AuditWriter json, RunState state)
    {
        json.BeginArray("steps");
        for (var i = 0; i < state.Steps.Count; i++)
        {
            var (step, node) = (state.Steps[i], state.Workflow.Nodes[i]);
            json.BeginObject();
            json.Member("attempts", step.Attempt);
            json.Member("child_run_id", step.Child?.Value);
            json.Member("items", step.Loop?.Count);
            json.Member("node", node.Id);
            json.Member("status", SnakeCase.From(step.Status));
            json.Member("type", node.Type.Name);
            json.EndObject();
        }
        json.EndArray();
    }

    private static void Calls(AuditWriter json, List<OutsideCall> calls)
    {
        json.BeginArray("calls");
        foreach (var call in calls)
        {
            json.BeginObject();
            json.Member("bytes_in", call.BytesIn);
            json.Member("bytes_out", call.BytesOut);
            json.Member("connector", call.Connector);
            json.Member("credential", call.Credential?.Name);
            json.Member("host", call.Host);
            json.Member("method", call.Method);
            json.Member("milliseconds", call.Milliseconds);
            json.Member("node", call.Node);
            json.Member("redirected_to", call.RedirectedTo);
            json.Member("status", call.Status);
            json.EndObject();
        }
        json.EndArray();
    }

    private static void CredentialsUsed(AuditWriter json, List<OutsideCall> calls)
    {
        json.BeginArray("credentials_used");
        foreach (var use in calls.Where(c => c.Credential is not null).GroupBy(c => (c.Credential!.Value, c.Node, c.Host)))
        {
            json.BeginObject();
            json.Member("credential", use.Key.Value.Name);
            json.Member("host", use.Key.Host);
            json.Member("node", use.Key.Node);
            json.Member("secret_version", use.Key.Value.Version);
            json.Member("uses", use.Count());
            json.EndObject();
        }
        json.EndArray();
    }

    private static AuditResource Resource(RunIdentity identity) => new("run", identity.Run.Value, identity.WorkflowName);
}
