using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

internal static class GetRole
{
    public static async Task<Reply<RoleResponse>> Handle(OrganizationCaller caller, string name, HttpContext context, Database database, CancellationToken cancel)
    {
        if (Role.AllBuiltIn.FirstOrDefault(r => r.Name == name) is { } builtIn)
            return builtIn;
        var row = await database.As(caller).QueryOptional<RoleRow>($"""
            select name, description, permissions, revision from roles where organization_id = {caller.Organization} and name = {name}
            """, cancel);
        if (row is null)
            return Role.NotFound;
        EntityTag.Show(context, row.Revision);
        return row.ToResponse();
    }
}
