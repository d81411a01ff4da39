using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

/// <summary>Who may give and take which roles: nobody beyond their own rights, and the role owner only owners.</summary>
internal static class RoleGranting
{
    private const int Most = 20;

    private sealed record OwnRole(string Name, string[] Permissions);

    public static Checks Roles(this Checks checks, string[] roles, int least = 1) => checks
        .That(roles.Length >= least && roles.Length <= Most, "/roles", "length", least == 0 ? $"At most {Most} roles." : $"Between {least} and {Most} roles; `none` is one.")
        .That(roles.Distinct(StringComparer.Ordinal).Count() == roles.Length, "/roles", "duplicate", "Each role once.");

    /// <summary>
    /// The refusal of a change from <paramref name="current"/> to <paramref name="next"/> roles, or null. The organization's
    /// own roles among them stay locked, so that none is deleted while it is given.
    /// </summary>
    public static async Task<Error?> Refusal(
        Transaction transaction, OrganizationCaller caller, IReadOnlyCollection<string> current, IReadOnlyList<string> next, CancellationToken cancel)
    {
        string[] changed = [.. current.Except(next), .. next.Except(current)];
        var own = (await transaction.Query<OwnRole>($"""
            select name, permissions from roles where organization_id = {caller.Organization} and name = any ({changed}) order by name for key share
            """, cancel)).ToDictionary(r => r.Name, r => r.Permissions, StringComparer.Ordinal);
        var checks = new Checks();
        for (var i = 0; i < next.Count; i++)
            checks.That(current.Contains(next[i]) || BuiltInRoles.All.ContainsKey(next[i]) || own.ContainsKey(next[i]), $"/roles/{i}", "unknown", "There is no such role.");
        if (checks.Error() is { } unknown)
            return unknown;
        // Admins have an owner's permissions; what they lack is a say in who owns.
        if (changed.Contains(BuiltInRoles.Owner) && !caller.Roles.Contains(BuiltInRoles.Owner))
            return new Error("member.owner_only", ErrorKind.Forbidden, "Only an owner makes and unmakes owners.");
        var beyond = caller.FirstLacking(BuiltInRoles.PermissionsOf(changed, own.Values.SelectMany(p => p)).Select(p => p.Name));
        return beyond is null
            ? null
            : new Error("member.role_beyond_own", ErrorKind.Forbidden, $"Nobody gives or takes a role with rights that they lack themselves: {beyond}.");
    }
}
