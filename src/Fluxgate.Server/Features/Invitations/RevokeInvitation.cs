using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Invitations;

internal static class RevokeInvitation
{
    public static async Task<NoContent> Handle(Guid id, OrganizationCaller caller, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        await database.As(caller).Attempt(transaction => Apply(transaction, id, caller, audit, clock.GetUtcNow(), cancel), cancel);

    private static async Task<Result<Done>> Apply(Transaction transaction, Guid id, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        var email = await transaction.QueryOptional<string>($"""
            update invitations set revoked_at = {now}
            where organization_id = {caller.Organization} and id = {id} and accepted_at is null and revoked_at is null
            returning email
            """, cancel);
        if (email is null)
            return Error.NotFound("invitation");
        await audit.Append(transaction, caller.Organization, new AuditEntry("invitation.revoked", "update", caller.Actor, new AuditResource("invitation", id, email)), cancel);
        return default(Done);
    }
}
