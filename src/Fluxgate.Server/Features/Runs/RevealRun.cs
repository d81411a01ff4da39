using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>What is to be seen as it is: the step of path <paramref name="Node"/>, or, without one, the run's trigger, output and error. <paramref name="Reason"/> goes into the audit.</summary>
public sealed record RevealRunRequest(string Reason, string? Node = null);

/// <summary>Data with nothing hidden; <paramref name="Trigger"/> is there if no step was named.</summary>
public sealed record RevealRunResponse(RunId RunId, string? Node, JsonElement? Trigger, JsonElement Output, RunError? Error);

internal static class RevealRun
{
    private const int ReasonCharacters = 500;
    private const int PathCharacters = 500;

    /// <summary>What a workflow calls sensitive, to whoever may see it and says why; the audit keeps who, what and why before it is shown.</summary>
    public static async Task<Reply<RevealRunResponse>> Handle(
        OrganizationCaller caller, RunId id, RevealRunRequest request, RunReader reader, Database database, AuditLog audit, CancellationToken cancel)
    {
        var read = await reader.Read(caller, id, cancel);
        if (read.Error is { } error)
            return error;
        if (new Checks().Text(request.Reason, "/reason", 1, ReasonCharacters).Text(request.Node ?? "-", "/node", 1, PathCharacters).Error() is { } invalid)
            return invalid;
        var (summary, state) = (read.Value.Summary, read.Value.State);
        var steps = state.Root.StepsWithin(ended: true).Where(p => p.Path == request.Node).ToList();
        if (request.Node is not null && steps.Count == 0)
            return Error.NotFound("step");
        await database.As(caller).Transact(transaction => audit.Append(
            transaction, caller.Organization, new AuditEntry("run.revealed", "read", caller.Actor, new AuditResource("run", id.Value, summary.WorkflowName))
            {
                Details = new JsonObject { ["node"] = request.Node, ["reason"] = request.Reason },
            }, cancel), cancel);
        return steps is [var place]
            ? new RevealRunResponse(id, place.Path, null, SensitiveData.Json(place.Step.Output), RunError.Of(place.Step.Error))
            : new RevealRunResponse(id, null, SensitiveData.Json(state.Trigger), SensitiveData.Json(state.Output), RunError.Of(state.Error));
    }
}
