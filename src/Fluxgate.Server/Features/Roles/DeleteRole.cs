using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

internal static class DeleteRole
{
    public static async Task<NoContent> Handle(OrganizationCaller caller, string name, Database database, AuditLog audit, CancellationToken cancel)
    {
        if (BuiltInRoles.All.ContainsKey(name))
            return Role.BuiltIn;
        return await database.As(caller).Attempt(transaction => Apply(transaction, caller, name, audit, cancel), cancel);
    }

    private static async Task<Result<Done>> Apply(Transaction transaction, OrganizationCaller caller, string name, AuditLog audit, CancellationToken cancel)
    {
        // Locked before the look at who has it: a name that somebody kept would come alive with the next role that bears it.
        if (await Role.Lock(transaction, caller, name, cancel) is not { } row)
            return Role.NotFound;
        if (Role.Beyond(caller, row.Permissions) is { } beyond)
            return beyond;
        if (await transaction.QueryOne<bool>($"""
            select exists (select from members where organization_id = {caller.Organization} and {name} = any (roles))
                or exists (select from groups where organization_id = {caller.Organization} and {name} = any (roles))
                or exists (select from service_accounts where organization_id = {caller.Organization} and {name} = any (roles))
                or exists (select from invitations where organization_id = {caller.Organization} and {name} = any (roles) and accepted_at is null and revoked_at is null)
            """, cancel))
            return Role.InUse;
        await transaction.Execute($"delete from roles where organization_id = {caller.Organization} and name = {name}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("role.deleted", "delete", caller.Actor, new AuditResource("role", null, name))
        {
            Before = JsonConventions.Object(new { row.Description, row.Permissions }),
        }, cancel);
        return default(Done);
    }
}
