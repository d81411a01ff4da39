using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Organizations;

internal static class ListMyOrganizations
{
    public static async Task<Reply<Page<OrganizationResponse>>> Handle(PersonCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        // Across organizations, so under the platform's role; the person comes from the session.
        var rows = await database.Platform.Query<OrganizationResponse>($"""
            select o.id, o.slug, o.name, o.created_at
            from members m join organizations o on o.id = m.organization_id
            where m.user_id = {caller.User} and o.id > {page.After}
            order by o.id
            limit {page.Limit + 1}
            """, cancel);
        return Page<OrganizationResponse>.Of(rows, page.Limit, o => o.Id.Value);
    }
}
