using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KillSwitches;

/// <summary>Off or on again, and why in 1–500 characters; it is shown and audited.</summary>
public sealed record SetKillSwitchRequest(bool Off, string Reason);

/// <summary>Answers with all that is off then. Whoever calls by key and switches the API off cannot lift that by key.</summary>
internal static class SetKillSwitch
{
    public static Task<Reply<KillSwitchesResponse>> OfApi(
        OrganizationCaller caller, SetKillSwitchRequest request, KillSwitchRows rows, Database database, CancellationToken cancel) =>
        Set(caller, SwitchKind.Api, null, null, request, rows, database, cancel);

    public static Task<Reply<KillSwitchesResponse>> OfHooks(
        OrganizationCaller caller, SetKillSwitchRequest request, KillSwitchRows rows, Database database, CancellationToken cancel) =>
        Set(caller, SwitchKind.Hooks, null, null, request, rows, database, cancel);

    public static async Task<Reply<KillSwitchesResponse>> OfWorkflow(
        OrganizationCaller caller, WorkflowId id, SetKillSwitchRequest request, KillSwitchRows rows, Database database, CancellationToken cancel) =>
        await database.As(caller).QueryOptional<string>($"select name from workflows where organization_id = {caller.Organization} and id = {id}", cancel) is { } name
            ? await Set(caller, SwitchKind.Workflow, id, name, request, rows, database, cancel)
            : Error.NotFound("workflow");

    private static async Task<Reply<KillSwitchesResponse>> Set(
        OrganizationCaller caller, SwitchKind kind, WorkflowId? workflow, string? name, SetKillSwitchRequest request, KillSwitchRows rows, Database database, CancellationToken cancel)
    {
        if (new Checks().Text(request.Reason, "/reason", 1, 500).Error() is { } invalid)
            return invalid;
        var resource = workflow is { } id ? new AuditResource("workflow", id.Value, name) : new AuditResource("kill_switch", null, SnakeCase.From(kind));
        await database.As(caller).Transact(
            transaction => rows.Set(transaction, new SwitchChange(caller.Organization, kind, workflow, request.Off, request.Reason), caller.Actor, resource, cancel), cancel);
        return await ListKillSwitches.Handle(caller, database, cancel);
    }
}
