using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Members;

/// <summary>A role and what it allows. Built-in roles are the same in every organization.</summary>
public sealed record RoleResponse(string Name, bool BuiltIn, IReadOnlyList<string> Permissions);

internal static class ListRoles
{
    private static readonly Page<RoleResponse> BuiltIn = new(
        [.. BuiltInRoles.All.Select(r => new RoleResponse(r.Key, true, [.. r.Value.Select(p => p.Name).Order(StringComparer.Ordinal)]))], null);

    public static Reply<Page<RoleResponse>> Handle() => BuiltIn;
}
