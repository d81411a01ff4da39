using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.Members;

internal static class RemoveMember
{
    public static async Task<NoContent> Handle(
        [FromRoute(Name = "user_id")] Guid userId, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt(transaction => Apply(transaction, userId, caller, audit, cancel), cancel);

    private sealed record MemberRow(UserId UserId, string Email, string[] Roles);

    private static async Task<Result<Done>> Apply(Transaction transaction, Guid userId, OrganizationCaller caller, AuditLog audit, CancellationToken cancel)
    {
        var owners = await Owners.Lock(transaction, caller.Organization, cancel);
        var member = await transaction.QueryOptional<MemberRow>($"""
            select user_id, email, roles from members where organization_id = {caller.Organization} and user_id = {userId} for update
            """, cancel);
        if (member is null)
            return Error.NotFound("member");
        if (await RoleGranting.Refusal(transaction, caller, member.Roles, [], cancel) is { } refused)
            return refused;
        if (Owners.IsLast(owners, member.UserId))
            return Owners.LastOwner;
        await transaction.Execute($"delete from members where organization_id = {caller.Organization} and user_id = {userId}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("member.removed", "delete", caller.Actor, new AuditResource("member", userId, member.Email))
        {
            Before = JsonConventions.Object(new { member.Roles }),
        }, cancel);
        return default(Done);
    }
}
