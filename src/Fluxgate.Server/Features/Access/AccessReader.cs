using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Access;

/// <summary>What is said about who reaches one resource, read for people.</summary>
internal sealed class AccessReader(Database database)
{
    internal sealed record ResourceRow(string Name, Guid? FolderId, string? FolderName, bool Restricted, bool FolderRestricted, int Revision);

    internal sealed record GrantRow(Guid ResourceId, Guid? UserId, Guid? GroupId, Guid? ApiKeyId, Guid? ServiceAccountId, string Name, string[] Rights)
    {
        public Guid SubjectId => (UserId ?? GroupId ?? ApiKeyId ?? ServiceAccountId)!.Value;

        public Subject Subject => new(UserId is not null ? SubjectKind.Member : GroupId is not null ? SubjectKind.Group : ApiKeyId is not null ? SubjectKind.ApiKey : SubjectKind.ServiceAccount, SubjectId);

        public IReadOnlyList<Right> Parsed => [.. Rights.Select(ResourceGate.Parse)];

        public NamedGrant ToResponse() => new(Subject, Name, Parsed);
    }

    /// <summary>The resource with its folder, and the grants on both; null if there is no such resource.</summary>
    public async Task<(ResourceRow Resource, IReadOnlyList<GrantRow> Grants)?> Read(OrganizationCaller caller, ResourceKind kind, Guid id, CancellationToken cancel)
    {
        var session = database.As(caller);
        var resource = await session.QueryOptional<ResourceRow>($"""
            select r.name, r.folder_id, f.name as folder_name,
                   exists (select from restrictions x where x.organization_id = {caller.Organization} and x.resource_id = {id}) as restricted,
                   exists (select from restrictions x where x.organization_id = {caller.Organization} and x.resource_id = r.folder_id) as folder_restricted,
                   coalesce((select v.revision from access_revisions v where v.organization_id = {caller.Organization} and v.resource_id = {id}), 0) as revision
            from {Table(kind)} r left join folders f on f.organization_id = {caller.Organization} and f.id = r.folder_id
            where r.organization_id = {caller.Organization} and r.id = {id}
            """, cancel);
        return resource is null ? null : (resource, await Grants(session, caller.Organization, [id, .. resource.FolderId is { } folder ? [folder] : (Guid[])[]], cancel));
    }

    internal static Task<IReadOnlyList<GrantRow>> Grants(Session session, OrganizationId organization, Guid[] resources, CancellationToken cancel) =>
        session.Query<GrantRow>(GrantsQuery(organization, resources), cancel);

    internal static Sql GrantsQuery(OrganizationId organization, Guid[] resources) => $"""
        select g.resource_id, g.user_id, g.group_id, g.api_key_id, g.service_account_id, coalesce(m.email, o.name, k.prefix, s.name) as name, g.rights
        from grants g
        left join members m on m.organization_id = g.organization_id and m.user_id = g.user_id
        left join groups o on o.organization_id = g.organization_id and o.id = g.group_id
        left join api_keys k on k.organization_id = g.organization_id and k.id = g.api_key_id
        left join service_accounts s on s.organization_id = g.organization_id and s.id = g.service_account_id
        where g.organization_id = {organization} and g.resource_id = any ({resources})
        order by 5
        """;

    /// <summary>Rows of the kind with a <c>folder_id</c>, null where there are no folders.</summary>
    private static Sql Table(ResourceKind kind) => kind switch
    {
        ResourceKind.Workflow => $"workflows",
        ResourceKind.Folder => $"(select organization_id, id, name, null::uuid as folder_id from folders)",
        ResourceKind.Connector => $"(select organization_id, id, name, null::uuid as folder_id from connectors)",
        _ => $"(select organization_id, id, name, null::uuid as folder_id from credentials)",
    };

    /// <summary>The column of <c>grants</c> and <c>restrictions</c> that names a resource of the kind.</summary>
    internal static Sql Column(ResourceKind kind) => kind switch
    {
        ResourceKind.Workflow => $"workflow_id",
        ResourceKind.Folder => $"folder_id",
        ResourceKind.Connector => $"connector_id",
        _ => $"credential_id",
    };
}
