using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.Access;

/// <summary>Asks <see cref="AccessDecision"/> about resources, with the facts from the database.</summary>
internal sealed class ResourceGate(Database database)
{
    private static readonly Error Denied = new("access.missing", ErrorKind.Forbidden, "You can see this, but a grant on it or another role is needed for what you ask.");

    private sealed record FactsRow(Guid Id, bool Restricted, string[] Rights);

    /// <summary>
    /// The refusal of a request on one resource, or null. Whom no right lets see it hears what whoever asks for an unknown id
    /// hears; whether it exists at all is left to the handler.
    /// </summary>
    public async Task<Error?> Refusal(OrganizationCaller caller, Permission needed, ResourceAccess access, string? id, CancellationToken cancel)
    {
        var byRole = caller.May(needed);
        if (byRole && (caller.May(Permissions.ResourcesAll) || !caller.HasRestrictions))
            return null;
        if (!byRole && !(caller.May(Permissions.GrantsAct) && Rights.StandFor(access.Kind, access.Right, needed)))
            return PermissionMissing(needed);
        if (!Guid.TryParseExact(id, "D", out var resource) || await Facts(caller, access.Kind, access.OfRun, [resource], cancel) is not [var (_, facts)])
            return access.NotFound;
        if (AccessDecision.Decide(caller.Permissions, facts, access.Kind, access.Right, needed).Allows())
            return null;
        return Rights.Of(access.Kind).Any(right => AccessDecision.Decide(caller.Permissions, facts, access.Kind, right, Rights.PermissionFor(access.Kind, right)).Allows())
            ? byRole ? Denied : PermissionMissing(needed)
            : access.NotFound;
    }

    /// <summary>Those of <paramref name="resources"/> of one kind on which the caller has <paramref name="right"/>.</summary>
    public async Task<IReadOnlySet<Guid>> Allowed(OrganizationCaller caller, ResourceKind kind, Right right, IReadOnlyCollection<Guid> resources, CancellationToken cancel)
    {
        var needed = Rights.PermissionFor(kind, right);
        if (resources.Count == 0 || (caller.May(needed) && (caller.May(Permissions.ResourcesAll) || !caller.HasRestrictions)))
            return resources.ToHashSet();
        var facts = await Facts(caller, kind, false, resources, cancel);
        return facts.Where(f => AccessDecision.Decide(caller.Permissions, f.Facts, kind, right, needed).Allows()).Select(f => f.Id).ToHashSet();
    }

    /// <summary>Whether the caller has <paramref name="right"/> on the one resource.</summary>
    public async Task<bool> Allows(OrganizationCaller caller, ResourceKind kind, Right right, Guid resource, CancellationToken cancel) =>
        (await Allowed(caller, kind, right, [resource], cancel)).Contains(resource);

    /// <summary>All rights of the caller on one resource.</summary>
    public async Task<IReadOnlyList<Right>> RightsOn(OrganizationCaller caller, ResourceKind kind, Guid resource, CancellationToken cancel)
    {
        var facts = await Facts(caller, kind, false, [resource], cancel);
        return facts is [var (_, found)] ? [.. Rights.Of(kind).Where(right => AccessDecision.Decide(caller.Permissions, found, kind, right, Rights.PermissionFor(kind, right)).Allows())] : [];
    }

    public static Error PermissionMissing(Permission needed) => new("permission.missing", ErrorKind.Forbidden, $"This needs the permission {needed}.");

    /// <summary>What the decision on each of <paramref name="ids"/> rests on; those that do not exist are left out.</summary>
    internal async Task<IReadOnlyList<(Guid Id, AccessFacts Facts)>> Facts(OrganizationCaller caller, ResourceKind kind, bool ofRun, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var wanted = ids.ToArray();
        Sql resources = (kind, ofRun) switch
        {
            (ResourceKind.Workflow, true) => $"select r.id, w.id as resource_id, w.folder_id from runs r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id where r.organization_id = {caller.Organization} and r.id = any ({wanted})",
            (ResourceKind.Workflow, false) => $"select w.id, w.id as resource_id, w.folder_id from workflows w where w.organization_id = {caller.Organization} and w.id = any ({wanted})",
            (ResourceKind.Folder, _) => $"select f.id, f.id as resource_id, null::uuid as folder_id from folders f where f.organization_id = {caller.Organization} and f.id = any ({wanted})",
            (ResourceKind.Connector, _) => $"select c.id, c.id as resource_id, null::uuid as folder_id from connectors c where c.organization_id = {caller.Organization} and c.id = any ({wanted})",
            _ => $"select k.id, k.id as resource_id, null::uuid as folder_id from credentials k where k.organization_id = {caller.Organization} and k.id = any ({wanted})",
        };
        var rows = await database.As(caller).Query<FactsRow>($"""
            select t.id,
                   exists (select from restrictions x where x.organization_id = {caller.Organization} and x.resource_id in (t.resource_id, t.folder_id)) as restricted,
                   array(select distinct unnest(g.rights) from grants g
                         where g.organization_id = {caller.Organization} and g.resource_id in (t.resource_id, t.folder_id) and g.subject_id = any ({caller.Subjects.ToArray()})) as rights
            from ({resources}) t
            """, cancel);
        return [.. rows.Select(r => (r.Id, new AccessFacts(r.Restricted, [.. r.Rights.Select(Parse)])))];
    }

    internal static Right Parse(string text) => SnakeCase.TryParse<Right>(text, out var right) ? right : throw new FormatException($"There is no right {text}.");
}
