using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary><paramref name="Name"/> is what a <c>wait</c> node waits for; <paramref name="Data"/> is what its step then gives.</summary>
public sealed record SendSignalRequest(string Name, JsonElement? Data = null);

/// <summary>What was taken; the run takes it up at once where it lives.</summary>
public sealed record SendSignalResponse(RunId RunId, string Name);

internal static class SendSignal
{
    private const int NameCharacters = 200;

    /// <summary>A signal that comes before its step waits is kept by the run.</summary>
    public static async Task<Accepted<SendSignalResponse>> Handle(
        OrganizationCaller caller, RunId id, SendSignalRequest request, Database database, RunSignals signals, RunHost runs, AuditLog audit, CancellationToken cancel)
    {
        if (new Checks().Text(request.Name, "/name", 1, NameCharacters).Error() is { } invalid)
            return invalid;
        var data = Data(request.Data, "/data");
        if (data.Error is { } unusable)
            return unusable;
        var sent = await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            var status = await transaction.QueryOptional<string>($"select status from runs where organization_id = {caller.Organization} and id = {id}", cancel);
            if (status is null)
                return Error.NotFound("run");
            if (SnakeCase.Parse<RunStatus>(status).IsFinal())
                return Error.Conflict("run.finished", "The run is finished.");
            await signals.Send(transaction, caller.Organization, id, new SignalSent(request.Name, data.Value, caller.Actor.Label), cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("run.signal_sent", "execute", caller.Actor, new AuditResource("run", id.Value, null))
            {
                Details = new JsonObject { ["signal"] = request.Name },
            }, cancel);
            return new Done();
        }, cancel);
        if (sent.Error is { } error)
            return error;
        await runs.Wake(caller.Organization, id, cancel);
        return new SendSignalResponse(id, request.Name);
    }

    internal static Result<CelValue> Data(JsonElement? json, string pointer)
    {
        if (json is not { } element)
            return CelValue.Null;
        try
        {
            var value = CelValue.FromJson(element);
            return RunValue.Fault(value, RunLimits.ValueBytes, out _) is { } fault ? fault : value;
        }
        catch (JsonException)
        {
            return Error.Invalid("body.malformed", "The data has a member twice, a number too large for a double, or holds NUL or lone surrogates.", [new FieldError(pointer, "malformed", "This is not JSON that a run takes.")]);
        }
    }
}
