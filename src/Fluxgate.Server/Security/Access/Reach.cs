using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.Access;

/// <summary>
/// <see cref="AccessDecision"/> as a filter of lists: what is left out of a list is what a request for it would not find.
/// </summary>
public static class Reach
{
    /// <summary>Workflows <c>w</c> on which the caller has any of <paramref name="rights"/>.</summary>
    public static Sql Workflows(OrganizationCaller caller, Permission needed, params Right[] rights) =>
        Filter(caller, needed, rights, ResourceKind.Workflow, $"x.resource_id in (w.id, w.folder_id)");

    /// <summary>Folders <c>f</c>.</summary>
    public static Sql Folders(OrganizationCaller caller, Permission needed, params Right[] rights) =>
        Filter(caller, needed, rights, ResourceKind.Folder, $"x.resource_id = f.id");

    /// <summary>Connectors <c>c</c>.</summary>
    public static Sql Connectors(OrganizationCaller caller, params Right[] rights) =>
        Filter(caller, Permissions.ConnectorsRead, rights, ResourceKind.Connector, $"x.resource_id = c.id");

    /// <summary>Credentials <c>k</c>.</summary>
    public static Sql Credentials(OrganizationCaller caller, params Right[] rights) =>
        Filter(caller, Permissions.CredentialsRead, rights, ResourceKind.Credential, $"x.resource_id = k.id");

    private static Sql Filter(OrganizationCaller caller, Permission needed, Right[] rights, ResourceKind kind, Sql resource)
    {
        var byRole = caller.May(needed);
        if (byRole && (caller.May(Permissions.ResourcesAll) || !caller.HasRestrictions))
            return $"true";
        var counting = rights.Where(right => byRole || (caller.May(Permissions.GrantsAct) && Rights.StandFor(kind, right, needed))).ToArray();
        string[] granted = [.. counting.Select(SnakeCase.From), .. counting.Contains(Right.View) ? [SnakeCase.From(Right.Edit)] : (string[])[]];
        return $"""
            (({byRole} and not exists (select from restrictions x where x.organization_id = {caller.Organization} and {resource}))
             or exists (select from grants x where x.organization_id = {caller.Organization} and {resource}
                        and x.subject_id = any ({caller.Subjects.ToArray()}) and x.rights && {granted}))
            """;
    }
}
