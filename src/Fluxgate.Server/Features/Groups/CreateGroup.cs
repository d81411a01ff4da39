using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

public sealed record CreateGroupRequest(string Name);

internal static class CreateGroup
{
    private static readonly Error NameTaken = Error.Conflict("group.name_taken", "Another group has this name; names are compared without regard to case.");

    public static async Task<Created<GroupResponse>> Handle(
        OrganizationCaller caller, CreateGroupRequest request, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var name = request.Name.Trim();
        if (new Checks().OneLine(name, "/name", 1, 200).Error() is { } invalid)
            return invalid;
        var group = new GroupResponse(Uuid.New(clock), name, [], [], clock.GetUtcNow());
        var created = await database.As(caller).Transact(async transaction =>
        {
            if (await transaction.Execute($"""
                insert into groups (organization_id, id, name, name_norm, created_at)
                values ({caller.Organization}, {group.Id}, {name}, {name.ToLowerInvariant()}, {group.CreatedAt})
                on conflict do nothing
                """, cancel) == 0)
                return false;
            await audit.Append(transaction, caller.Organization, new AuditEntry("group.created", "create", caller.Actor, new AuditResource("group", group.Id, name)), cancel);
            return true;
        }, cancel);
        return created ? Created<GroupResponse>.At(group.Id, group) : NameTaken;
    }
}
