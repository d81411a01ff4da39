using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

internal static class ChangeRole
{
    /// <summary>For everybody who has the role, from their next request on.</summary>
    public static async Task<Reply<RoleResponse>> Handle(
        OrganizationCaller caller, string name, ChangeRoleRequest request, HttpContext context, Database database, AuditLog audit, CancellationToken cancel)
    {
        var revision = EntityTag.Required(context);
        if (revision.Error is { } missing)
            return missing;
        if (new Checks().Content(request.Permissions, request.Description).Error() is { } invalid)
            return invalid;
        if (BuiltInRoles.All.ContainsKey(name))
            return Role.BuiltIn;
        var changed = await database.As(caller).Attempt(transaction => Apply(transaction, caller, name, request, revision.Value, audit, cancel), cancel);
        if (changed.Succeeded)
            EntityTag.Show(context, changed.Value.Revision);
        return changed;
    }

    private static async Task<Result<RoleResponse>> Apply(
        Transaction transaction, OrganizationCaller caller, string name, ChangeRoleRequest request, int revision, AuditLog audit, CancellationToken cancel)
    {
        if (await Role.Lock(transaction, caller, name, cancel) is not { } row)
            return Role.NotFound;
        if (row.Revision != revision)
            return EntityTag.Stale;
        var permissions = Role.Stored(request.Permissions);
        if (Role.Beyond(caller, permissions.Except(row.Permissions).Concat(row.Permissions.Except(permissions))) is { } beyond)
            return beyond;
        await transaction.Execute($"""
            update roles set description = {request.Description}, permissions = {permissions}, revision = revision + 1
            where organization_id = {caller.Organization} and name = {name}
            """, cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("role.changed", "update", caller.Actor, new AuditResource("role", null, name))
        {
            Before = JsonConventions.Object(new { row.Description, row.Permissions }),
            After = JsonConventions.Object(new { request.Description, permissions }),
        }, cancel);
        return new RoleResponse(name, false, request.Description, permissions, revision + 1);
    }
}
