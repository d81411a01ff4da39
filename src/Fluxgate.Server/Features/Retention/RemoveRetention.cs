using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Retention;

internal static class RemoveRetention
{
    /// <summary>Runs are kept for ever, but by workflows and folders with a policy of their own.</summary>
    public static Task<NoContent> OfOrganization(OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) =>
        Remove(caller, RetentionPlace.OfOrganization(caller), database, audit, cancel);

    /// <summary>The policy of its folder or of the organization holds again.</summary>
    public static async Task<NoContent> OfWorkflow(OrganizationCaller caller, WorkflowId id, Database database, AuditLog audit, CancellationToken cancel) =>
        await Remove(caller, await RetentionPlace.OfWorkflow(caller, id, database, cancel), database, audit, cancel);

    /// <summary>The organization's policy holds again.</summary>
    public static async Task<NoContent> OfFolder(OrganizationCaller caller, Guid id, Database database, AuditLog audit, CancellationToken cancel) =>
        await Remove(caller, await RetentionPlace.OfFolder(caller, id, database, cancel), database, audit, cancel);

    private static async Task<NoContent> Remove(OrganizationCaller caller, Result<RetentionPlace> place, Database database, AuditLog audit, CancellationToken cancel)
    {
        if (place.Error is { } absent)
            return absent;
        var removed = await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await place.Value.Read(transaction, cancel) is not { } before)
                return Error.NotFound("retention");
            await place.Value.Remove(transaction, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("retention.removed", "delete", caller.Actor, place.Value.Resource) { Before = JsonConventions.Object(before) }, cancel);
            return default(Done);
        }, cancel);
        return removed;
    }
}
