using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

internal static class CreateRole
{
    private const int Most = 200;

    private static readonly Error Full = Error.Conflict("role.too_many", $"An organization has at most {Most} roles of its own.");

    public static async Task<Created<RoleResponse>> Handle(
        OrganizationCaller caller, CreateRoleRequest request, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (new Checks().That(Role.IsName(request.Name), "/name", "name", "1–50 of a–z, 0–9 and _, beginning with a letter.").Content(request.Permissions, request.Description).Error() is { } invalid)
            return invalid;
        if (BuiltInRoles.All.ContainsKey(request.Name))
            return Role.NameTaken;
        if (Role.Beyond(caller, request.Permissions) is { } beyond)
            return beyond;
        var row = new RoleRow(request.Name, request.Description, Role.Stored(request.Permissions), 1);
        var created = await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await transaction.Execute($"""
                insert into roles (organization_id, name, description, permissions, revision, created_at)
                values ({caller.Organization}, {row.Name}, {row.Description}, {row.Permissions}, 1, {clock.GetUtcNow()})
                on conflict do nothing
                """, cancel) == 0)
                return Role.NameTaken;
            if (await transaction.QueryOne<long>($"select count(*) from roles where organization_id = {caller.Organization}", cancel) > Most)
                return Full;
            await audit.Append(transaction, caller.Organization, new AuditEntry("role.created", "create", caller.Actor, new AuditResource("role", null, row.Name))
            {
                After = JsonConventions.Object(new { row.Description, row.Permissions }),
            }, cancel);
            return default(Done);
        }, cancel);
        return created.Error is { } refused ? refused : Created<RoleResponse>.At(row.Name, row.ToResponse());
    }
}
