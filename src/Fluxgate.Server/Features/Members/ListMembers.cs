using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Members;

public sealed record MemberResponse(UserId UserId, string Email, string DisplayName, string[] Roles, DateTimeOffset CreatedAt);

internal static class ListMembers
{
    public static async Task<Reply<Page<MemberResponse>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<MemberResponse>($"""
            select user_id, email, display_name, roles, created_at
            from members
            where organization_id = {caller.Organization} and user_id > {page.After}
            order by user_id
            limit {page.Limit + 1}
            """, cancel);
        return Page<MemberResponse>.Of(rows, page.Limit, m => m.UserId.Value);
    }
}
