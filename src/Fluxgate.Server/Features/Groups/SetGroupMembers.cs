using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

/// <summary>Everybody who is to be in the group, up to 1000.</summary>
public sealed record SetGroupMembersRequest(IReadOnlyList<Guid> UserIds);

internal static class SetGroupMembers
{
    private static readonly Error NoMember = Error.Refused("group.no_member", "Each of the users is a member of the organization.");

    public static async Task<NoContent> Handle(OrganizationCaller caller, Guid id, SetGroupMembersRequest request, Database database, AuditLog audit, CancellationToken cancel)
    {
        var users = request.UserIds.Distinct().ToArray();
        if (new Checks().That(users.Length <= 1000, "/user_ids", "length", "At most 1000 members.").Error() is { } invalid)
            return invalid;
        return await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await GroupRow.Lock(transaction, caller, id, cancel) is not { } group)
                return Error.NotFound("group");
            // Who joins is given the group's roles, and who leaves loses them.
            if (await RoleGranting.Refusal(transaction, caller, group.Roles, [], cancel) is { } refused)
                return refused;
            if (await GroupRow.GrantsBeyond(transaction, caller, id, cancel) is { } grantsBeyond)
                return grantsBeyond;
            var members = await transaction.QueryOne<long>($"select count(*) from members where organization_id = {caller.Organization} and user_id = any ({users})", cancel);
            if (members != users.Length)
                return NoMember;
            var before = await transaction.Query<Guid>($"delete from group_members where organization_id = {caller.Organization} and group_id = {id} returning user_id", cancel);
            await transaction.Execute($"""
                insert into group_members (organization_id, group_id, user_id) select {caller.Organization}, {id}, unnest({users}::uuid[])
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("group.members_set", "update", caller.Actor, new AuditResource("group", id, group.Name))
            {
                Before = Users(before),
                After = Users(users),
            }, cancel);
            return default(Done);
        }, cancel);
    }

    private static JsonObject Users(IEnumerable<Guid> users) => new() { ["user_ids"] = new JsonArray([.. users.Order().Select(u => (JsonNode)u.ToString())]) };
}
