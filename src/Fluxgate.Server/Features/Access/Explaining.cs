using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Access;

/// <summary>Somebody whose access is explained. <paramref name="Through"/> are the groups, or the service account, whose grants count too; <paramref name="OwnRoles"/> are the permissions of the roles that the organization made itself.</summary>
internal sealed record Examined(
    Subject Subject, string Name, IReadOnlyList<string> Roles, IReadOnlySet<Permission> Permissions, IReadOnlyDictionary<Guid, string> Through, IReadOnlyDictionary<string, IReadOnlySet<Permission>> OwnRoles);

/// <summary>Says of one subject and one resource what the decision is and what it rests on. It asks <see cref="AccessDecision"/>, so that it cannot tell another story than the gate.</summary>
internal static class Explaining
{
    public static SubjectAccess Of(Examined who, ResourceKind kind, Guid resource, AccessReader.ResourceRow row, IReadOnlyList<AccessReader.GrantRow> grants)
    {
        var own = grants.Where(g => g.SubjectId == who.Subject.Id || who.Through.ContainsKey(g.SubjectId)).ToList();
        var facts = new AccessFacts(row.Restricted || row.FolderRestricted, [.. own.SelectMany(g => g.Parsed).Distinct()]);
        return new SubjectAccess(who.Subject, who.Name, who.Roles, [.. Rights.Of(kind).Select(right => Explain(who, kind, resource, row, own, facts, right))]);
    }

    private static RightExplanation Explain(
        Examined who, ResourceKind kind, Guid resource, AccessReader.ResourceRow row, List<AccessReader.GrantRow> own, AccessFacts facts, Right right)
    {
        var needed = Rights.PermissionFor(kind, right);
        var reason = AccessDecision.Decide(who.Permissions, facts, kind, right, needed);
        IReadOnlyList<string> sources = reason switch
        {
            AccessReason.Role or AccessReason.AllResources => who.Subject.Kind == SubjectKind.ApiKey ? [$"scope {needed}"] : [.. who.Roles.Where(r => Gives(who, r, needed)).Select(r => $"role {r}")],
            AccessReason.Grant => [.. own.Where(g => Rights.Include(g.Parsed, right)).Select(g => Describe(who, g, resource, row))],
            _ => [],
        };
        return new RightExplanation(right, reason.Allows(), reason, sources);
    }

    private static bool Gives(Examined who, string role, Permission permission) =>
        (BuiltInRoles.All.TryGetValue(role, out var set) || who.OwnRoles.TryGetValue(role, out set)) && set.Contains(permission);

    private static string Describe(Examined who, AccessReader.GrantRow grant, Guid resource, AccessReader.ResourceRow row)
    {
        var to = who.Through.TryGetValue(grant.SubjectId, out var name) ? $"grant to the {(who.Subject.Kind == SubjectKind.Member ? "group" : "service account")} {name}" : $"grant to this {SnakeCase.From(who.Subject.Kind).Replace('_', ' ')}";
        return grant.ResourceId == resource ? to : $"{to} on the folder {row.FolderName}";
    }
}
