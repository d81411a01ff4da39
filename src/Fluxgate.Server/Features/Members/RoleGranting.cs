using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Members;

/// <summary>Who may give and take which roles: nobody beyond their own rights, and the role owner only owners.</summary>
internal static class RoleGranting
{
    public static Checks Roles(this Checks checks, string[] roles)
    {
        checks.That(roles.Length is > 0 and <= 20, "/roles", "length", "Between 1 and 20 roles; `none` is one.")
            .That(roles.Distinct(StringComparer.Ordinal).Count() == roles.Length, "/roles", "duplicate", "Each role once.");
        for (var i = 0; i < roles.Length; i++)
            checks.That(BuiltInRoles.All.ContainsKey(roles[i]), $"/roles/{i}", "unknown", "There is no such role.");
        return checks;
    }

    /// <summary>The refusal of a change from <paramref name="current"/> to <paramref name="next"/> roles, or null.</summary>
    public static Error? Refusal(OrganizationCaller caller, IReadOnlyCollection<string> current, IReadOnlyCollection<string> next)
    {
        var changed = current.Except(next).Concat(next.Except(current)).ToList();
        // Admins have an owner's permissions; what they lack is a say in who owns.
        if (changed.Contains(BuiltInRoles.Owner) && !caller.Roles.Contains(BuiltInRoles.Owner))
            return new Error("member.owner_only", ErrorKind.Forbidden, "Only an owner makes and unmakes owners.");
        var beyond = BuiltInRoles.PermissionsOf(changed).Except(caller.Permissions).Select(p => p.Name).Order(StringComparer.Ordinal).FirstOrDefault();
        return beyond is null
            ? null
            : new Error("member.role_beyond_own", ErrorKind.Forbidden, $"Nobody gives or takes a role with rights that they lack themselves: {beyond}.");
    }
}
