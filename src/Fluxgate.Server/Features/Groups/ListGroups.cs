using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

/// <summary>A named set of members, each of whom has its <paramref name="Roles"/> beside the own ones.</summary>
public sealed record GroupResponse(Guid Id, string Name, Guid[] UserIds, string[] Roles, DateTimeOffset CreatedAt);

internal static class ListGroups
{
    public static async Task<Reply<Page<GroupResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<GroupResponse>($"""
            select g.id, g.name, array(select m.user_id from group_members m where m.organization_id = g.organization_id and m.group_id = g.id order by m.user_id) as user_ids, g.roles, g.created_at
            from groups g where g.organization_id = {caller.Organization} and g.id > {page.After}
            order by g.id limit {page.Limit + 1}
            """, cancel);
        return Page<GroupResponse>.Of(rows, page.Limit, g => g.Id);
    }
}
