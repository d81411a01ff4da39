using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

/// <summary>The roles that every member of the group is to have beside the own ones; up to 20, and not owner.</summary>
public sealed record SetGroupRolesRequest(string[] Roles);

internal static class SetGroupRoles
{
    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, SetGroupRolesRequest request, Database database, AuditLog audit, CancellationToken cancel)
    {
        // Owners are counted by member, so that there is always one.
        if (new Checks().Roles(request.Roles, least: 0).That(!request.Roles.Contains(BuiltInRoles.Owner), "/roles", "owner", "Owners are made one by one.").Error() is { } invalid)
            return invalid;
        return await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await GroupRow.Lock(transaction, caller, id, cancel) is not { } group)
                return Error.NotFound("group");
            if (await RoleGranting.Refusal(transaction, caller, group.Roles, request.Roles, cancel) is { } refused)
                return refused;
            await transaction.Execute($"update groups set roles = {request.Roles} where organization_id = {caller.Organization} and id = {id}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("group.roles_set", "update", caller.Actor, new AuditResource("group", id, group.Name))
            {
                Before = JsonConventions.Object(new { group.Roles }),
                After = JsonConventions.Object(new { request.Roles }),
            }, cancel);
            return default(Done);
        }, cancel);
    }
}
