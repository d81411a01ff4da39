using System.Text.RegularExpressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Roles;

/// <summary>A role and what it allows. Built-in roles are the same in every organization, and their revision is 0.</summary>
public sealed record RoleResponse(string Name, bool BuiltIn, string Description, IReadOnlyList<string> Permissions, int Revision);

/// <summary><paramref name="Name"/>: 1–50 of a–z, 0–9 and _, beginning with a letter; it stays. <paramref name="Permissions"/>: none beyond the own.</summary>
public sealed record CreateRoleRequest(string Name, IReadOnlyList<string> Permissions, string Description = "");

public sealed record ChangeRoleRequest(IReadOnlyList<string> Permissions, string Description = "");

internal sealed record RoleRow(string Name, string Description, string[] Permissions, int Revision)
{
    public RoleResponse ToResponse() => new(Name, false, Description, Permissions, Revision);
}

internal static partial class Role
{
    public static readonly Error NotFound = Error.NotFound("role");
    public static readonly Error NameTaken = Error.Conflict("role.name_taken", "There is a role of this name.");
    public static readonly Error BuiltIn = Error.Refused("role.built_in", "Built-in roles are as they are; make one of your own.");
    public static readonly Error InUse = Error.Conflict("role.in_use", "Members, groups, service accounts or open invitations have this role; take it from them first.");

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,49}\z")]
    private static partial Regex NameForm();

    public static IReadOnlyList<RoleResponse> AllBuiltIn { get; } =
        [.. BuiltInRoles.All.Select(r => new RoleResponse(r.Key, true, "", [.. r.Value.Select(p => p.Name).Order(StringComparer.Ordinal)], 0))];

    public static bool IsName(string name) => NameForm().IsMatch(name);

    public static Checks Content(this Checks checks, IReadOnlyList<string> permissions, string description) => checks
        .Text(description, "/description", 0, 500)
        .That(permissions.Count <= 100, "/permissions", "length", "At most 100 permissions.")
        .Known(permissions, Permissions.Names, "/permissions", "There is no such permission.");

    /// <summary>The refusal to give or take permissions that the caller lacks, or null.</summary>
    public static Error? Beyond(OrganizationCaller caller, IEnumerable<string> changed) =>
        caller.FirstLacking(changed) is { } beyond
            ? new Error("role.beyond_own", ErrorKind.Forbidden, $"Nobody puts into a role, or takes from one, what they lack themselves: {beyond}.")
            : null;

    public static string[] Stored(IEnumerable<string> permissions) => [.. permissions.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static Task<RoleRow?> Lock(Transaction transaction, OrganizationCaller caller, string name, CancellationToken cancel) => transaction.QueryOptional<RoleRow>($"""
        select name, description, permissions, revision from roles where organization_id = {caller.Organization} and name = {name} for update
        """, cancel);
}
