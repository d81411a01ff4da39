using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

public sealed record MyOrganization(OrganizationId Id, string Slug, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions);

/// <summary>The own account. The CSRF token goes into the header of unsafe requests by cookie.</summary>
public sealed record MeResponse(UserId UserId, string Email, string DisplayName, string CsrfToken, IReadOnlyList<MyOrganization> Organizations);

internal static class GetMe
{
    private sealed record OrganizationRow(
        string Slug, string Name, OrganizationId OrganizationId, string[] Roles, string[] GroupRoles, Guid[] Groups, string[] OwnPermissions, bool HasRestrictions);

    public static async Task<Reply<MeResponse>> Handle(PersonCaller caller, Database database, CancellationToken cancel)
    {
        // Across organizations, so under the platform's role; the person comes from the session.
        var rows = await database.Platform.Query<OrganizationRow>($"""
            select o.slug, o.name, {Membership.Columns}
            from members m join organizations o on o.id = m.organization_id {Membership.Join}
            where m.user_id = {caller.User}
            order by o.slug
            """, cancel);
        return new MeResponse(caller.User, caller.Email, caller.DisplayName, caller.CsrfToken,
        [
            .. rows.Select(r => Organization(r, Membership.Of(r.OrganizationId, r.Roles, r.GroupRoles, r.Groups, r.OwnPermissions, r.HasRestrictions))),
        ]);
    }

    private static MyOrganization Organization(OrganizationRow row, Membership membership) =>
        new(row.OrganizationId, row.Slug, row.Name, membership.Roles, [.. membership.Permissions.Select(p => p.Name).Order(StringComparer.Ordinal)]);
}
