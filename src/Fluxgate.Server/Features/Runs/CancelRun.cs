using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>What was asked for; the run takes it up at once where it lives.</summary>
public sealed record CancelRunResponse(RunId RunId);

internal static class CancelRun
{
    public static async Task<Accepted<CancelRunResponse>> Handle(
        OrganizationCaller caller, RunId id, Database database, RunSignals signals, RunHost runs, AuditLog audit, CancellationToken cancel)
    {
        var asked = await database.As(caller).Transact<Result<Done>>(async transaction =>
        {
            var status = await transaction.QueryOptional<string>($"select status from runs where organization_id = {caller.Organization} and id = {id}", cancel);
            if (status is null)
                return Error.NotFound("run");
            if (SnakeCase.Parse<RunStatus>(status).IsFinal())
                return Error.Conflict("run.finished", "The run is finished.");
            await signals.Send(transaction, caller.Organization, id, new CancelRequested(caller.Actor.Label), cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("run.cancel_requested", "update", caller.Actor, new AuditResource("run", id.Value, null)), cancel);
            return new Done();
        }, cancel);
        if (asked.Error is { } error)
            return error;
        await runs.Wake(caller.Organization, id, cancel);
        return new CancelRunResponse(id);
    }
}
