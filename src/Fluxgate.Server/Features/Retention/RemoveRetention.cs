using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Retention;

internal static class RemoveRetention
{
    /// <summary>Runs are kept for ever, but by workflows with a policy of their own.</summary>
    public static Task<NoContent> OfOrganization(OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) => Remove(caller, null, database, audit, cancel);

    /// <summary>The organization's policy holds again.</summary>
    public static Task<NoContent> OfWorkflow(OrganizationCaller caller, WorkflowId id, Database database, AuditLog audit, CancellationToken cancel) => Remove(caller, id, database, audit, cancel);

    private static async Task<NoContent> Remove(OrganizationCaller caller, WorkflowId? workflow, Database database, AuditLog audit, CancellationToken cancel)
    {
        var place = await RetentionPlace.Of(caller, workflow, database, cancel);
        if (place.Error is { } absent)
            return absent;
        var removed = await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await place.Value.Read(transaction, cancel) is not { } before)
                return Error.NotFound("retention");
            await transaction.Execute($"delete from run_retention where organization_id = {caller.Organization} and id = {place.Value.Id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("retention.removed", "delete", caller.Actor, place.Value.Resource) { Before = JsonConventions.Object(before) }, cancel);
            return default(Done);
        }, cancel);
        return removed;
    }
}
