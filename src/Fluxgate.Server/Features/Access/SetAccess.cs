using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Access;

/// <summary>All grants that are to be, up to 500; each subject once.</summary>
public sealed record SetAccessRequest(AccessMode Mode, IReadOnlyList<Grant> Grants);

internal static class SetAccess
{
    private const int MostGrants = 500;

    private static readonly Error UnknownSubject = Error.Refused("access.unknown_subject", "Grants go to members, groups, API keys and service accounts of the organization.");

    public static async Task<Reply<AccessResponse>> Handle(
        OrganizationCaller caller, Guid id, SetAccessRequest request, HttpContext context, AccessReader reader, ResourceGate resources, Database database, AuditLog audit, CancellationToken cancel)
    {
        var kind = AccessEndpoints.Kind(context);
        var revision = EntityTag.Required(context);
        if (revision.Error is { } missing)
            return missing;
        if (Faults(request, kind) is { } invalid)
            return invalid;
        if (await reader.Read(caller, kind, id, cancel) is not var (resource, before))
            return Error.NotFound(SnakeCase.From(kind));
        if (await Beyond(caller, kind, id, request, before, resources, cancel) is { } beyond)
            return beyond;
        var change = new Change(kind, id, resource.Name, request, revision.Value);
        var set = await database.As(caller).Attempt(transaction => Apply(transaction, caller, change, audit, cancel), cancel);
        if (set.Error is { } refused)
            return refused;
        var (now, grants) = (await reader.Read(caller, kind, id, cancel))!.Value;
        EntityTag.Show(context, now.Revision);
        return GetAccess.Response(id, now, grants, null);
    }

    private sealed record Change(ResourceKind Kind, Guid Id, string Name, SetAccessRequest Request, int Revision);

    private static Error? Faults(SetAccessRequest request, ResourceKind kind)
    {
        var checks = new Checks().That(request.Grants.Count <= MostGrants, "/grants", "length", $"At most {MostGrants} grants.")
            .That(request.Grants.Select(g => g.Subject.Id).Distinct().Count() == request.Grants.Count, "/grants", "duplicate", "Each subject once.");
        var rights = Rights.Of(kind);
        for (var i = 0; i < request.Grants.Count && i < MostGrants; i++)
            checks.That(request.Grants[i].Rights.Count > 0 && request.Grants[i].Rights.All(rights.Contains), $"/grants/{i}/rights", "rights", $"Of a {SnakeCase.From(kind)}: {string.Join(", ", rights.Select(SnakeCase.From))}.");
        return checks.Error();
    }

    /// <summary>Nobody gives a right that they lack themselves; what others gave before may stay.</summary>
    private static async Task<Error?> Beyond(
        OrganizationCaller caller, ResourceKind kind, Guid id, SetAccessRequest request, IReadOnlyList<AccessReader.GrantRow> before, ResourceGate resources, CancellationToken cancel)
    {
        var had = before.Where(g => g.ResourceId == id).ToDictionary(g => g.SubjectId, g => g.Parsed);
        foreach (var right in request.Grants.SelectMany(g => g.Rights.Except(had.GetValueOrDefault(g.Subject.Id, []))).Distinct())
            if (!await resources.Allows(caller, kind, right, id, cancel))
                return new Error("access.beyond_own", ErrorKind.Forbidden, $"Nobody gives a right that they lack themselves: {SnakeCase.From(right)}.");
        return null;
    }

    private static async Task<Result<Done>> Apply(Transaction transaction, OrganizationCaller caller, Change change, AuditLog audit, CancellationToken cancel)
    {
        // The revision's row is the lock: of two first changes at once the second finds it.
        if (await transaction.Execute($"""
            insert into access_revisions as v (organization_id, resource_id, revision) values ({caller.Organization}, {change.Id}, {change.Revision + 1})
            on conflict (organization_id, resource_id) do update set revision = v.revision + 1 where v.revision = {change.Revision}
            """, cancel) == 0)
            return EntityTag.Stale;
        var column = AccessReader.Column(change.Kind);
        var before = await transaction.Query<AccessReader.GrantRow>(AccessReader.GrantsQuery(caller.Organization, [change.Id]), cancel);
        var wasRestricted = await transaction.Execute($"delete from restrictions where organization_id = {caller.Organization} and resource_id = {change.Id}", cancel) > 0;
        await transaction.Execute($"delete from grants where organization_id = {caller.Organization} and resource_id = {change.Id}", cancel);
        if (change.Request.Mode == AccessMode.Selected)
            await transaction.Execute($"insert into restrictions (organization_id, {column}) values ({caller.Organization}, {change.Id})", cancel);
        foreach (var grant in change.Request.Grants)
        {
            var (kind, subject) = (grant.Subject.Kind, grant.Subject.Id);
            if (!await Exists(transaction, caller.Organization, grant.Subject, cancel))
                return UnknownSubject;
            await transaction.Execute($"""
                insert into grants (organization_id, {column}, user_id, group_id, api_key_id, service_account_id, rights)
                values ({caller.Organization}, {change.Id}, {(kind == SubjectKind.Member ? subject : (Guid?)null)}, {(kind == SubjectKind.Group ? subject : (Guid?)null)},
                        {(kind == SubjectKind.ApiKey ? subject : (Guid?)null)}, {(kind == SubjectKind.ServiceAccount ? subject : (Guid?)null)}, {grant.Rights.Distinct().Select(SnakeCase.From).ToArray()})
                """, cancel);
        }
        await audit.Append(transaction, caller.Organization, new AuditEntry($"{SnakeCase.From(change.Kind)}.access_changed", "update", caller.Actor, new AuditResource(SnakeCase.From(change.Kind), change.Id, change.Name))
        {
            Before = Recorded(wasRestricted ? AccessMode.Selected : AccessMode.Everyone, before.Select(g => new Grant(g.Subject, g.Parsed))),
            After = Recorded(change.Request.Mode, change.Request.Grants),
        }, cancel);
        return default(Done);
    }

    /// <summary>Locked, so that who is removed at this moment is not granted anything.</summary>
    private static async Task<bool> Exists(Transaction transaction, OrganizationId organization, Subject subject, CancellationToken cancel) => subject.Kind switch
    {
        SubjectKind.Member => await transaction.QueryOptional<Guid?>($"select user_id from members where organization_id = {organization} and user_id = {subject.Id} for key share", cancel) is not null,
        SubjectKind.Group => await transaction.QueryOptional<Guid?>($"select id from groups where organization_id = {organization} and id = {subject.Id} for key share", cancel) is not null,
        SubjectKind.ServiceAccount => await transaction.QueryOptional<Guid?>($"select id from service_accounts where organization_id = {organization} and id = {subject.Id} for key share", cancel) is not null,
        _ => await transaction.QueryOptional<Guid?>($"select id from api_keys where organization_id = {organization} and id = {subject.Id} for key share", cancel) is not null,
    };

    private static JsonObject Recorded(AccessMode mode, IEnumerable<Grant> grants) => JsonConventions.Object(new { mode, grants = grants.OrderBy(g => g.Subject.Id) });
}
