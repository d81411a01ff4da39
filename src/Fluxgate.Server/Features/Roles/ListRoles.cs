using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

internal static class ListRoles
{
    /// <summary>The built-in ones, then the organization's own by name; of those there are at most 200.</summary>
    public static async Task<Reply<Page<RoleResponse>>> Handle(OrganizationCaller caller, Database database, CancellationToken cancel)
    {
        var own = await database.As(caller).Query<RoleRow>($"""
            select name, description, permissions, revision from roles where organization_id = {caller.Organization} order by name
            """, cancel);
        return new Page<RoleResponse>([.. Role.AllBuiltIn, .. own.Select(r => r.ToResponse())], null);
    }
}
