using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.Members;

public sealed record ChangeRolesRequest(string[] Roles);

internal static class ChangeRoles
{
    public static async Task<Reply<MemberResponse>> Handle(
        [FromRoute(Name = "user_id")] Guid userId, ChangeRolesRequest request, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel)
    {
        if (new Checks().Roles(request.Roles).Error() is { } invalid)
            return invalid;
        return await database.As(caller).Attempt(transaction => Apply(transaction, userId, request.Roles, caller, audit, cancel), cancel);
    }

    private static async Task<Result<MemberResponse>> Apply(
        Transaction transaction, Guid userId, string[] roles, OrganizationCaller caller, AuditLog audit, CancellationToken cancel)
    {
        var owners = await Owners.Lock(transaction, caller.Organization, cancel);
        var member = await transaction.QueryOptional<MemberResponse>($"""
            select user_id, email, display_name, roles, created_at from members
            where organization_id = {caller.Organization} and user_id = {userId} for update
            """, cancel);
        if (member is null)
            return Error.NotFound("member");
        if (await RoleGranting.Refusal(transaction, caller, member.Roles, roles, cancel) is { } refused)
            return refused;
        if (!roles.Contains(BuiltInRoles.Owner) && Owners.IsLast(owners, member.UserId))
            return Owners.LastOwner;
        await transaction.Execute($"update members set roles = {roles} where organization_id = {caller.Organization} and user_id = {userId}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("member.roles_changed", "update", caller.Actor, new AuditResource("member", userId, member.Email))
        {
            Before = JsonConventions.Object(new { member.Roles }),
            After = JsonConventions.Object(new { roles }),
        }, cancel);
        return member with { Roles = roles };
    }
}
