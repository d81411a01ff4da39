using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security;

/// <summary>
/// A person in an organization: <paramref name="Roles"/> of the person and of its groups, and the <paramref name="Permissions"/>
/// that they add up to.
/// </summary>
internal sealed record Membership(OrganizationId OrganizationId, IReadOnlyList<string> Roles, IReadOnlySet<Permission> Permissions, IReadOnlyList<Guid> Groups, bool HasRestrictions)
{
    /// <summary>What a query of members <c>m</c> with <see cref="Join"/> reads; null without a member. <see cref="Of"/> makes a membership of it.</summary>
    public static Sql Columns => $"""
        m.organization_id, m.roles, g.roles as group_roles, g.groups,
        array(select distinct unnest(r.permissions) from roles r where r.organization_id = m.organization_id and r.name = any (m.roles || g.roles)) as own_permissions,
        exists (select from restrictions x where x.organization_id = m.organization_id) as has_restrictions
        """;

    public static Sql Join => $"""
        left join lateral (
            select coalesce(array_agg(distinct gm.group_id), array[]::uuid[]) as groups, coalesce(array_agg(distinct role) filter (where role is not null), array[]::text[]) as roles
            from group_members gm
            join groups on groups.organization_id = gm.organization_id and groups.id = gm.group_id
            left join unnest(groups.roles) role on true
            where gm.organization_id = m.organization_id and gm.user_id = m.user_id) g on true
        """;

    public static Membership Of(OrganizationId organization, string[] roles, string[] groupRoles, Guid[] groups, string[] ownPermissions, bool hasRestrictions)
    {
        string[] all = [.. roles.Union(groupRoles)];
        return new Membership(organization, all, BuiltInRoles.PermissionsOf(all, ownPermissions), groups, hasRestrictions);
    }
}
