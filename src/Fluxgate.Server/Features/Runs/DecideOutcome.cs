using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>How an attempt went whose server died. <paramref name="Output"/> is what the step gives if it succeeded; <paramref name="Reason"/> goes into the audit.</summary>
public sealed record DecideOutcomeRequest(DecidedOutcome Outcome, string Reason, JsonElement? Output = null);

/// <summary>What was taken; the run takes it up at once where it lives.</summary>
public sealed record DecideOutcomeResponse(RunId RunId, string Node, DecidedOutcome Outcome);

internal static class DecideOutcome
{
    private const int ReasonCharacters = 500;

    /// <summary>For a step whose node says <c>on_unknown: stop</c>; <paramref name="node"/> is its path.</summary>
    public static async Task<Accepted<DecideOutcomeResponse>> Handle(
        OrganizationCaller caller, RunId id, string node, DecideOutcomeRequest request, RunReader reader, Database database, RunSignals signals, RunHost runs, AuditLog audit, CancellationToken cancel)
    {
        var read = await reader.Read(caller, id, cancel);
        if (read.Error is { } unreadable)
            return unreadable;
        if (new Checks().Text(request.Reason, "/reason", 1, ReasonCharacters)
            .That(request.Output is null || request.Outcome == DecidedOutcome.Succeeded, "/output", "misplaced", "Only a step that succeeded has an output.").Error() is { } invalid)
            return invalid;
        var output = SendSignal.Data(request.Output, "/output");
        if (output.Error is { } unusable)
            return unusable;
        if (read.Value.State.Undecided(node) is null)
            return read.Value.State.Root.StepsWithin(ended: true).Any(p => p.Path == node)
                ? Error.Conflict("run.outcome_known", "This step does not wait for somebody to say how it went.")
                : Error.NotFound("step");
        await database.As(caller).Transact(async transaction =>
        {
            await signals.Send(transaction, caller.Organization, id, new OutcomeDecided(node, request.Outcome, output.Value, caller.Actor.Label, request.Reason), cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("run.outcome_decided", "update", caller.Actor, new AuditResource("run", id.Value, read.Value.Summary.WorkflowName))
            {
                Details = new JsonObject { ["node"] = node, ["outcome"] = SnakeCase.From(request.Outcome), ["reason"] = request.Reason },
            }, cancel);
        }, cancel);
        await runs.Wake(caller.Organization, id, cancel);
        return new DecideOutcomeResponse(id, node, request.Outcome);
    }
}
