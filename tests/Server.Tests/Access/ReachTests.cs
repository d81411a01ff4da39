using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Access;

/// <summary>
/// The decision on one resource, the filter of lists, and a model that is written here from the guide: in random worlds
/// the three say the same.
/// </summary>
public sealed class ReachTests
{
    private const int Worlds = 25;
    private const int Callers = 30;

    private static readonly Permission[] Relevant =
    [
        Permissions.WorkflowsRead, Permissions.WorkflowsWrite, Permissions.RunsStart, Permissions.RunsRead, Permissions.RunsCancel,
        Permissions.ConnectorsRead, Permissions.ConnectorsWrite, Permissions.CredentialsRead, Permissions.CredentialsWrite,
    ];

    private sealed record Resource(ResourceKind Kind, Guid Id, Guid? Folder, bool Restricted);

    private sealed record World(OrganizationId Organization, UserId[] Members, Guid[] Groups, List<Resource> Resources, List<(Guid Resource, Guid Subject, Right[] Rights)> Grants)
    {
        public Resource? FolderOf(Resource resource) => Resources.Find(r => r.Id == resource.Folder);
    }

    [Fact]
    public async Task F805_Decision_and_filter_agree_on_random_worlds()
    {
        var installation = await Installation.Get();
        var (database, gate) = (installation.Services.GetRequiredService<Database>(), installation.Services.GetRequiredService<ResourceGate>());
        var (allowed, refused) = (0, 0);
        for (var seed = 0; seed < Worlds; seed++)
        {
#pragma warning disable RS0030 // a world that failed is made again from its number
            var random = new Random(seed);
#pragma warning restore RS0030
            var owner = await installation.NewOrganization();
            var world = Make(random, new OrganizationId(owner.Organization), owner.UserId);
            await Store(database, world);
            for (var n = 0; n < Callers; n++)
            {
                var caller = Caller(random, world);
                foreach (var kind in Enum.GetValues<ResourceKind>())
                    foreach (var right in Rights.Of(kind))
                    {
                        var ids = world.Resources.Where(r => r.Kind == kind).Select(r => r.Id).ToArray();
                        var model = world.Resources.Where(r => r.Kind == kind && Model(world, caller, r, right)).Select(r => r.Id).ToHashSet();
                        var decided = await gate.Allowed(caller, kind, right, ids, default);
                        Assert.True(model.SetEquals(decided), $"World {seed}, caller {n}: decision on {right} of {kind}");
                        if (await Listed(database, caller, kind, right) is { } listed)
                            Assert.True(model.SetEquals(listed), $"World {seed}, caller {n}: list of {kind} by {right}");
                        (allowed, refused) = (allowed + model.Count, refused + ids.Length - model.Count);
                    }
            }
        }
        // Worlds in which nearly all or nearly nothing is allowed would prove little.
        Assert.InRange(allowed / (double)(allowed + refused), 0.15, 0.85);
    }

    /// <summary>As the guide has it: a role reaches what is everybody's, resources:all everything, a grant what it names.</summary>
    private static bool Model(World world, OrganizationCaller caller, Resource resource, Right right)
    {
        var permission = (resource.Kind, right) switch
        {
            (ResourceKind.Workflow or ResourceKind.Folder, Right.View) => "workflows:read",
            (ResourceKind.Workflow or ResourceKind.Folder, Right.Edit) => "workflows:write",
            (ResourceKind.Workflow or ResourceKind.Folder, _) => "runs:start",
            (ResourceKind.Connector, Right.Edit) => "connectors:write",
            (ResourceKind.Connector, _) => "connectors:read",
            (_, Right.Edit) => "credentials:write",
            _ => "credentials:read",
        };
        bool Has(string name) => caller.Permissions.Any(p => p.Name == name);
        var restricted = resource.Restricted || world.FolderOf(resource)?.Restricted == true;
        var granted = world.Grants.Exists(g => (g.Resource == resource.Id || g.Resource == resource.Folder) && caller.Subjects.Contains(g.Subject)
            && (g.Rights.Contains(right) || (right == Right.View && g.Rights.Contains(Right.Edit))));
        return Has(permission)
            ? !restricted || granted || Has("resources:all")
            : granted && Has("grants:act");
    }

    private static World Make(Random random, OrganizationId organization, Guid owner)
    {
        Guid New() => Uuid.New(TimeProvider.System);
        var resources = new List<Resource>();
        for (var i = 0; i < 3; i++)
            resources.Add(new Resource(ResourceKind.Folder, New(), null, random.Next(2) == 0));
        for (var i = 0; i < 8; i++)
            resources.Add(new Resource(ResourceKind.Workflow, New(), random.Next(3) > 0 ? resources[random.Next(3)].Id : null, random.Next(3) == 0));
        for (var i = 0; i < 4; i++)
        {
            resources.Add(new Resource(ResourceKind.Connector, New(), null, random.Next(2) == 0));
            resources.Add(new Resource(ResourceKind.Credential, New(), null, random.Next(2) == 0));
        }
        Guid[] groups = [New(), New()];
        var grants = new Dictionary<(Guid, Guid), Right[]>();
        for (var i = 0; i < 12; i++)
        {
            var resource = resources[random.Next(resources.Count)];
            var rights = Rights.Of(resource.Kind).Where(_ => random.Next(2) == 0).ToArray();
            if (rights.Length > 0)
                grants[(resource.Id, random.Next(3) == 0 ? owner : groups[random.Next(2)])] = rights;
        }
        return new World(organization, [new UserId(owner)], groups, resources, [.. grants.Select(g => (g.Key.Item1, g.Key.Item2, g.Value))]);
    }

    private static OrganizationCaller Caller(Random random, World world)
    {
        var permissions = Relevant.Where(_ => random.Next(2) == 0).ToHashSet();
        if (random.Next(5) == 0)
            permissions.Add(Permissions.ResourcesAll);
        if (random.Next(2) == 0)
            permissions.Add(Permissions.GrantsAct);
        var user = world.Members[0];
        return new OrganizationCaller(world.Organization, user, new Actor(ActorKind.User, user.Value, "somebody"), [], permissions)
        {
            Groups = [.. world.Groups.Where(_ => random.Next(3) == 0)],
            HasRestrictions = world.Resources.Exists(r => r.Restricted),
        };
    }

    private static async Task<HashSet<Guid>?> Listed(Database database, OrganizationCaller caller, ResourceKind kind, Right right)
    {
        var needed = Rights.PermissionFor(kind, right);
        Sql? query = kind switch
        {
            ResourceKind.Workflow => $"select w.id from workflows w where w.organization_id = {caller.Organization} and {Reach.Workflows(caller, needed, right)}",
            ResourceKind.Folder => $"select f.id from folders f where f.organization_id = {caller.Organization} and {Reach.Folders(caller, needed, right)}",
            ResourceKind.Connector when needed == Permissions.ConnectorsRead => $"select c.id from connectors c where c.organization_id = {caller.Organization} and {Reach.Connectors(caller, right)}",
            ResourceKind.Credential when needed == Permissions.CredentialsRead => $"select k.id from credentials k where k.organization_id = {caller.Organization} and {Reach.Credentials(caller, right)}",
            _ => null,
        };
        return query is null ? null : [.. await database.As(caller).Query<Guid>(query, default)];
    }

    private static Task Store(Database database, World world) => database.Tenant(world.Organization, world.Members[0]).Transact(async transaction =>
    {
        var (organization, now) = (world.Organization, DateTimeOffset.UnixEpoch);
        foreach (var group in world.Groups)
            await transaction.Execute($"insert into groups (organization_id, id, name, name_norm, created_at) values ({organization}, {group}, {group.ToString()}, {group.ToString()}, {now})", default);
        foreach (var r in world.Resources)
        {
            var name = $"r{r.Id:N}";
            Sql insert = r.Kind switch
            {
                ResourceKind.Folder => $"insert into folders (organization_id, id, name, name_norm, revision, created_at) values ({organization}, {r.Id}, {name}, {name}, 1, {now})",
                ResourceKind.Workflow => $"insert into workflows (organization_id, id, name, name_norm, folder_id, state, revision, created_at, updated_at) values ({organization}, {r.Id}, {name}, {name}, {r.Folder}, 'draft', 1, {now}, {now})",
                ResourceKind.Connector => $"insert into connectors (organization_id, id, name, description, base_url, authentication, endpoints, version, created_at, updated_at) values ({organization}, {r.Id}, {name}, '', 'https://example.test', 'none', '[]', 1, {now}, {now})",
                _ => $"insert into credentials (organization_id, id, name, type, description, allowed_hosts, secret, secret_version, version, created_at, updated_at) values ({organization}, {r.Id}, {name}, 'bearer', '', array['example.test'], '', 1, 1, {now}, {now})",
            };
            await transaction.Execute(insert, default);
            if (r.Restricted)
                await transaction.Execute($"insert into restrictions (organization_id, {Column(r.Kind)}) values ({organization}, {r.Id})", default);
        }
        foreach (var (resource, subject, rights) in world.Grants)
        {
            var (user, group) = world.Groups.Contains(subject) ? ((Guid?)null, (Guid?)subject) : (subject, null);
            await transaction.Execute($"""
                insert into grants (organization_id, {Column(world.Resources.Find(r => r.Id == resource)!.Kind)}, user_id, group_id, rights)
                values ({organization}, {resource}, {user}, {group}, {rights.Select(SnakeCase.From).ToArray()})
                """, default);
        }
    }, default);

    private static Sql Column(ResourceKind kind) => kind switch
    {
        ResourceKind.Workflow => $"workflow_id",
        ResourceKind.Folder => $"folder_id",
        ResourceKind.Connector => $"connector_id",
        _ => $"credential_id",
    };
}
