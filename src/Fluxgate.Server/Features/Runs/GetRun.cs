using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

public sealed record RunError(string Code, string Message, string? Node)
{
    internal static RunError? Of(StepError? error) => error is null ? null : new RunError(error.Code, error.Message, error.Node);
}

/// <summary>
/// One step. In a loop's item <paramref name="Node"/> is a path such as <c>each[3].post</c>, and <paramref name="Item"/> is the
/// item's place in its list, from 0; of a loop itself <paramref name="Items"/> is how many there are. <paramref name="Attempts"/> made so far; <paramref name="DueAt"/> is when it goes on by itself, <paramref name="Signal"/> what it waits or waited for, <paramref name="ChildRunId"/> the run that its last attempt called, <paramref name="TakenFrom"/> the run whose result was kept. With
/// <paramref name="OutcomeUnknown"/> it waits for somebody to say how its attempt went. <paramref name="Redacted"/>: its output or error has a marker where sensitive data is.
/// </summary>
public sealed record StepResponse(
    string Node, int? Item, int? Items, string Type, StepStatus Status, int Attempts, string? Port, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? DueAt,
    Guid? ReviewId, string? Signal, RunId? ChildRunId, RunId? TakenFrom, bool OutcomeUnknown, RunError? Error, JsonElement Output, bool Redacted);

/// <summary>An edge of the version that runs; <paramref name="Taken"/> once its branch was chosen.</summary>
public sealed record RunEdge(string From, string Port, string To, bool Taken);

/// <summary>Step <paramref name="Node"/> of another run, which called this one. <paramref name="Depth"/> counts the callers above the called run.</summary>
public sealed record RunCaller(RunId RunId, string Node, int Depth);

/// <summary>A run with its steps in the order of the document, those of a loop's items after it. <paramref name="Parent"/> is there if another run called it, or failed so that this one <paramref name="HandlesError"/>; <paramref name="StepsLeftOut"/> steps of items are not shown. <paramref name="Redacted"/>: its trigger, output or error has a marker where sensitive data is.</summary>
public sealed record RunResponse(
    RunId Id, WorkflowId WorkflowId, string WorkflowName, int WorkflowVersion, RunStatus Status, string TriggerType, RunCaller? Parent, RunId? RetryOf, bool HandlesError,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, RunError? Error, JsonElement Trigger, JsonElement Output, bool Redacted,
    IReadOnlyList<StepResponse> Steps, int StepsLeftOut, IReadOnlyList<RunEdge> Edges);

internal static class GetRun
{
    /// <summary>Steps of items that are shown; the last of a run that has more are left out.</summary>
    private const int MostSteps = 5000;

    /// <summary>The whole run, data included; reading it is an audit event.</summary>
    public static async Task<Reply<RunResponse>> Handle(OrganizationCaller caller, RunId id, RunReader reader, Database database, AuditLog audit, CancellationToken cancel)
    {
        var read = await reader.Read(caller, id, cancel);
        if (read.Error is { } error)
            return error;
        var run = read.Value;
        await database.As(caller).Transact(transaction => audit.Append(
            transaction, caller.Organization, new AuditEntry("run.read", "read", caller.Actor, new AuditResource("run", id.Value, run.Summary.WorkflowName)), cancel), cancel);
        return Response(run, await reader.Sensitive(caller, run, cancel));
    }

    private static RunResponse Response(JournaledRun run, SensitiveData sensitive)
    {
        var (summary, state) = (run.Summary, run.State);
        var nodes = state.Workflow.Nodes;
        var within = state.Root.StepsWithin(ended: true).ToList();
        var leftOut = Math.Max(within.Count - nodes.Count - MostSteps, 0);
        var left = MostSteps;
        var ((trigger, triggerRedacted), (output, outputRedacted), (error, errorRedacted)) =
            (sensitive.Show(state.Trigger, state.Workflow.Trigger.Sensitive), sensitive.Show(state.Output, []), sensitive.Show(state.Error));
        return new RunResponse(
            summary.Id, summary.WorkflowId, summary.WorkflowName, summary.WorkflowVersion, summary.Status, summary.TriggerType,
            state.Parent is { } parent ? new RunCaller(parent.Run, parent.Node, parent.Depth) : null, state.RetryOf, state.HandlesError,
            summary.StartedAt, summary.FinishedAt, error, trigger, output, triggerRedacted || outputRedacted || errorRedacted,
            [.. within.Where(p => p.Graph.Item is null || left-- > 0).Select(p => Step(p, sensitive))], leftOut,
            [.. state.Workflow.Edges.Select(e => new RunEdge(nodes[e.From].Id, e.Port, nodes[e.To].Id, state.Steps[e.From].Port == e.Port))]);
    }

    private static StepResponse Step(StepPlace place, SensitiveData sensitive)
    {
        var (node, step) = (place.Node, place.Step);
        var ((output, outputRedacted), (error, errorRedacted)) = (sensitive.Show(step.Output, node.Sensitive), sensitive.Show(step.Error));
        return new StepResponse(
            place.Path, place.Graph.Item, step.Loop?.Count, node.Type.Name, step.Status, step.Attempt, step.Port, step.StartedAt, step.FinishedAt, step.DueAt,
            step.ReviewId, step.Signal, step.Child, step.TakenFrom, step.IsOutcomeUnknown, error, output, outputRedacted || errorRedacted);
    }
}
