namespace Fluxgate.Server.Security.Access;

/// <summary>
/// What the decision rests on: whether the resource is kept to some, by itself or by its folder, and what grants on either
/// give the caller, its groups included.
/// </summary>
public sealed record AccessFacts(bool Restricted, IReadOnlyCollection<Right> Granted);

/// <summary>Why somebody may do something, or not.</summary>
public enum AccessReason
{
    /// <summary>The permission <c>resources:all</c> reaches what is kept to others too.</summary>
    AllResources,

    /// <summary>A role's permission, on a resource that is everybody's.</summary>
    Role,

    /// <summary>A grant on the resource or its folder.</summary>
    Grant,

    /// <summary>No role gives the permission, and no grant that stands for it counts.</summary>
    NoPermission,

    /// <summary>The resource is kept to those whom grants name.</summary>
    Restricted,
}

/// <summary>The one decision on who may do what with a single resource. <see cref="Reach"/> is the same rule for lists; a property test holds the two together.</summary>
public static class AccessDecision
{
    /// <summary>Whether who has <paramref name="permissions"/> may do what needs <paramref name="needed"/> and <paramref name="right"/>.</summary>
    public static AccessReason Decide(IReadOnlySet<Permission> permissions, AccessFacts facts, ResourceKind kind, Right right, Permission needed)
    {
        var byRole = permissions.Contains(needed);
        if (byRole && permissions.Contains(Permissions.ResourcesAll))
            return AccessReason.AllResources;
        if (byRole && !facts.Restricted)
            return AccessReason.Role;
        // A role without grants:act keeps its bounds: what is granted narrows down who reaches a restricted resource, no more.
        var grantCounts = byRole || (permissions.Contains(Permissions.GrantsAct) && Rights.StandFor(kind, right, needed));
        if (grantCounts && Rights.Include(facts.Granted, right))
            return AccessReason.Grant;
        return byRole ? AccessReason.Restricted : AccessReason.NoPermission;
    }

    public static bool Allows(this AccessReason reason) => reason is AccessReason.AllResources or AccessReason.Role or AccessReason.Grant;
}
