using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Access;

/// <summary>Members and keys with all that the gate would know of them.</summary>
internal static class ExaminedSubjects
{
    private sealed record MemberRow(Guid UserId, string Email, OrganizationId OrganizationId, string[] Roles, string[] GroupRoles, Guid[] Groups, string[] OwnPermissions, bool HasRestrictions);

    private sealed record KeyRow(Guid Id, string Prefix, string[] Scopes, Guid? ServiceAccountId, string? ServiceAccount, string[]? Roles, string[] OwnPermissions);

    private sealed record NameRow(Guid Id, string Name);

    private sealed record RoleRow(string Name, string[] Permissions);

    /// <summary>Members by id from <paramref name="after"/> on, or the one of <paramref name="only"/>.</summary>
    public static async Task<IReadOnlyList<Examined>> Members(Session session, OrganizationId organization, Guid? only, Guid after, int limit, CancellationToken cancel)
    {
        var members = await session.Query<MemberRow>($"""
            select m.user_id, m.email, {Membership.Columns}
            from members m {Membership.Join}
            where m.organization_id = {organization} and m.user_id > {after} and ({only}::uuid is null or m.user_id = {only})
            order by m.user_id limit {limit}
            """, cancel);
        var groups = (await session.Query<NameRow>($"select id, name from groups where organization_id = {organization}", cancel)).ToDictionary(g => g.Id, g => g.Name);
        var roles = (await session.Query<RoleRow>($"select name, permissions from roles where organization_id = {organization}", cancel))
            .ToDictionary(r => r.Name, r => (IReadOnlySet<Permission>)Permissions.Named(r.Permissions).ToHashSet(), StringComparer.Ordinal);
        return
        [
            .. members.Select(m =>
            {
                var membership = Membership.Of(m.OrganizationId, m.Roles, m.GroupRoles, m.Groups, m.OwnPermissions, m.HasRestrictions);
                return new Examined(new Subject(SubjectKind.Member, m.UserId), m.Email, membership.Roles, membership.Permissions, m.Groups.ToDictionary(g => g, g => groups.GetValueOrDefault(g, "")), roles);
            }),
        ];
    }

    /// <summary>Keys that are good now.</summary>
    public static async Task<IReadOnlyList<Examined>> Keys(Session session, OrganizationId organization, DateTimeOffset now, CancellationToken cancel)
    {
        var keys = await session.Query<KeyRow>($"""
            select k.id, k.prefix, k.scopes, s.id as service_account_id, s.name as service_account, s.roles,
                   array(select distinct unnest(r.permissions) from roles r where r.organization_id = s.organization_id and r.name = any (s.roles)) as own_permissions
            from api_keys k left join service_accounts s on s.organization_id = k.organization_id and s.id = k.service_account_id
            where k.organization_id = {organization} and k.revoked_at is null and k.suspended_at is null and s.disabled_at is null and k.expires_at > {now}
            order by k.id
            """, cancel);
        return
        [
            .. keys.Select(k => new Examined(
                new Subject(SubjectKind.ApiKey, k.Id), k.Prefix, [], PermissionsOf(k),
                k.ServiceAccountId is { } account ? new Dictionary<Guid, string> { [account] = k.ServiceAccount! } : [], new Dictionary<string, IReadOnlySet<Permission>>())),
        ];
    }

    private static HashSet<Permission> PermissionsOf(KeyRow key)
    {
        var permissions = Permissions.Named(key.Scopes).ToHashSet();
        if (key.Roles is { } roles)
            permissions.IntersectWith(BuiltInRoles.PermissionsOf(roles, key.OwnPermissions));
        return permissions;
    }
}
