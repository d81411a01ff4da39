using System.Text;
using Fluxgate.Testing;
using static Fluxgate.Server.Tests.Access.AccessSteps;

namespace Fluxgate.Server.Tests.Access;

public sealed class RandomAccessTests
{
    private const int Seed = 20261127;
    private const int Combinations = 1000;
    private const string Review = "format: 1\nname: NAME\ntrigger: { type: api }\nnodes:\n  - { id: ask, type: review, settings: { title: T, content: 1 } }\n";

    private static readonly Dictionary<string, string[]> NoGrants = [];

    private sealed record World(string Slug, List<ModelCaller> Callers, Dictionary<NamedResource, Dictionary<string, string>> Resources, TestMember Other);

    [Fact]
    public async Task F804_FN05_FN09_A_thousand_random_routes_identities_and_ids_are_answered_as_the_guide_says()
    {
        var installation = await Installation.Get();
        var operations = AccessModel.Operations(await installation.Client().Get("/openapi/v1.json").Success());
        var world = await NewWorld(installation);
        var random = new Random(Seed);
        T Any<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
        var differences = new List<string>();
        var outcomes = new Dictionary<string, int>();
        for (var done = 0; done < Combinations;)
        {
            var (operation, caller) = (Any(operations), Any(world.Callers));
            var resource = !operation.Path.Contains('{', StringComparison.Ordinal) ? NamedResource.None
                : Any((NamedResource[])[NamedResource.Shared, .. operation.Kind is null ? (NamedResource[])[] : [NamedResource.Kept, NamedResource.Kept], NamedResource.OfAnotherOrganization, NamedResource.Missing]);
            var expected = AccessModel.Expected(operation, caller, resource);
            // What is let in must leave the world as it is: it gets a body that is refused after the gate, or is a reading that ends.
            if (expected == AccessModel.Admitted && ((!operation.TakesBody && operation.Method != HttpMethod.Get) || operation.Path.EndsWith("/events", StringComparison.Ordinal)))
                continue;
            done++;
            var heard = await Ask(world, operation, caller, resource, expected == AccessModel.Admitted);
            outcomes[expected] = outcomes.GetValueOrDefault(expected) + 1;
            if (!Agrees(operation, expected, heard))
                differences.Add($"seed {Seed}, {done}: {operation.Method} {operation.Path}, {caller.Name}, {resource}: expected {expected}, heard {heard}");
        }
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        // It was a fair draw: everything that can be said was said.
        foreach (var answer in (string[])[AccessModel.Admitted, "401 session.missing", "401 key.invalid", "403 key.suspended", "403 key.wrong_organization", "404 organization.not_found", "403 permission.missing", "403 access.missing", "404 *.not_found", "404 workflow.not_found"])
            Assert.True(outcomes.GetValueOrDefault(answer) > 1, $"'{answer}' was expected {outcomes.GetValueOrDefault(answer)} times.");
    }

    private static bool Agrees(DescribedOperation operation, string expected, string heard) => expected switch
    {
        // A path that names two things may have only the first of them.
        AccessModel.Admitted when operation.Path.Count(c => c == '{') > 1 && heard == $"404 {Second(operation.Path)}.not_found" => true,
        AccessModel.Admitted => !heard.StartsWith("401", StringComparison.Ordinal) && !heard.StartsWith("403", StringComparison.Ordinal) && !heard.StartsWith("404", StringComparison.Ordinal) && !heard.StartsWith('5'),
        "404 *.not_found" => heard.StartsWith("404 ", StringComparison.Ordinal) && heard.EndsWith(".not_found", StringComparison.Ordinal) && heard != "404 route.not_found" && heard != "404 organization.not_found",
        _ => heard == expected,
    };

    private static string Second(string path) => path switch
    {
        _ when path.Contains("/tests/", StringComparison.Ordinal) => "workflow_test",
        _ when path.Contains("/versions/", StringComparison.Ordinal) => "workflow_version",
        _ => "nothing else",
    };

    private static async Task<string> Ask(World world, DescribedOperation operation, ModelCaller caller, NamedResource resource, bool isAdmitted)
    {
        var path = resource == NamedResource.None ? operation.Path : OrganizationRoutes.Fill(operation.Path, world.Resources[resource]);
        object? body = !operation.TakesBody ? null : isAdmitted ? new StringContent("{", Encoding.UTF8, "application/json") : OrganizationRoutes.Body(operation.Method, operation.Path, world.Other);
        using var answer = await caller.Client.Send(operation.Method, $"/v1/orgs/{world.Slug}{path["/v1".Length..]}", body, ("If-Match", "\"1\""), ("Idempotency-Key", Guid.NewGuid().ToString("N")));
        return answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode}" : $"{(int)answer.StatusCode} {await answer.Code()}";
    }

    private static async Task<World> NewWorld(TestInstallation installation)
    {
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var roles = AccessModel.Roles(await File.ReadAllTextAsync(Path.Combine(WorkingTree.Root, "docs", "guide", "roles.md")));
        var everything = roles["owner"];
        var shared = await OrganizationRoutes.ResourcesOf(owner);
        var kept = await Kept(owner, shared);

        var callers = new List<ModelCaller> { new("anonymous", installation.Client(), everything, "401 session.missing", NoGrants), new("owner", owner.Client, everything, null, NoGrants) };
        foreach (var (role, permissions) in roles.Where(r => r.Key != "owner"))
            callers.Add(new ModelCaller(role, (await owner.NewMember(installation, role)).Client, permissions, null, NoGrants));
        string[] custom = ["workflows:read", "connectors:read", "connectors:write", "members:read"];
        await owner.Post("/roles", new { name = "custom", permissions = custom }).Success();
        callers.Add(new ModelCaller("custom role", (await owner.NewMember(installation, "custom")).Client, custom.ToHashSet(), null, NoGrants));
        callers.Add(new ModelCaller("owner of another organization", other.Client, everything, "404 organization.not_found", NoGrants));

        // Grants: to a group of a viewer, to people of roles that act by them and of one that does not.
        var (viewer, editor, participant, acting) = (await owner.NewMember(installation, "viewer"), await owner.NewMember(installation, "flow_editor"), await owner.NewMember(installation, "participant"), await owner.NewMember(installation, "participant"));
        var group = await owner.NewGroup("granted", viewer);
        await owner.SetAccess($"/workflows/{kept["workflows"]}", "selected", GroupGrant(group, "view"), Grant(editor, "view", "run"), Grant(participant, "view", "run"), Grant(acting, "edit"));
        await owner.SetAccess($"/folders/{kept["folders"]}", "selected", GroupGrant(group, "view"), Grant(acting, "edit"));
        await owner.SetAccess($"/connectors/{kept["connectors"]}", "selected", Grant(editor, "use"), Grant(acting, "view"));
        await owner.SetAccess($"/credentials/{kept["credentials"]}", "selected", Grant(editor, "view"));
        void Granted(string name, TestMember member, string role, params (string Kind, string[] Rights)[] grants) =>
            callers.Add(new ModelCaller(name, member.Client, roles[role], null, grants.ToDictionary(g => g.Kind, g => g.Rights)));
        Granted("viewer in a granted group", viewer, "viewer", ("workflow", ["view"]), ("folder", ["view"]));
        Granted("flow editor with grants", editor, "flow_editor", ("workflow", ["view", "run"]), ("connector", ["use"]), ("credential", ["view"]));
        Granted("participant who may run", participant, "participant", ("workflow", ["view", "run"]));
        Granted("participant who may edit", acting, "participant", ("workflow", ["edit"]), ("folder", ["edit"]), ("connector", ["view"]));

        async Task Key(string name, IEnumerable<string> scopes, string? refused = null, IEnumerable<string>? rights = null, Guid? account = null, TestMember? of = null, string? change = null)
        {
            var key = await (of ?? owner).Post("/api-keys", new { name, scopes = scopes.ToArray(), service_account_id = account }).Success();
            if (change is not null)
                await installation.Change(change, key.Id());
            callers.Add(new ModelCaller(name, installation.KeyClient(key), (rights ?? scopes).ToHashSet(), refused, NoGrants));
        }
        await Key("key with every scope", everything);
        await Key("key without resources:all", everything.Where(p => p is not ("resources:all" or "grants:act")));
        await Key("key with one scope", ["workflows:read"]);
        await Key("key with another scope", ["kv:write"]);
        await Key("expired key", everything, "401 key.invalid", change: "update api_keys set expires_at = clock_timestamp() where id = $1");
        await Key("revoked key", everything, "401 key.invalid", change: "update api_keys set revoked_at = clock_timestamp() where id = $1");
        await Key("suspended key", everything, "403 key.suspended", change: "update api_keys set suspended_at = clock_timestamp(), suspended_reason = 'x' where id = $1");
        await Key("key of another organization", everything, "403 key.wrong_organization", of: other);
        var account = (await owner.Post("/service-accounts", new { name = "narrow", roles = new[] { "viewer" } }).Success()).Id();
        await Key("key of a service account", ["workflows:read", "workflows:write", "runs:read", "members:read"], rights: roles["viewer"].Intersect(["workflows:read", "workflows:write", "runs:read", "members:read"]), account: account);

        return new World(owner.Slug, callers, new()
        {
            [NamedResource.Shared] = shared,
            [NamedResource.Kept] = kept,
            [NamedResource.OfAnotherOrganization] = new(await OrganizationRoutes.ResourcesOf(other)) { ["roles"] = (await other.Post("/roles", new { name = "only_theirs", permissions = Array.Empty<string>() }).Success()).Text("name") },
            [NamedResource.Missing] = shared.ToDictionary(r => r.Key, r => r.Key switch { "roles" or "kv" => "nobody", "watermarks" => r.Value[..^1] + (r.Value[^1] == 'A' ? 'B' : 'A'), _ => Guid.NewGuid().ToString() }),
        }, other);
    }

    /// <summary>A second one of each kind that grants speak of; whatever else a path names is the shared one.</summary>
    private static async Task<Dictionary<string, string>> Kept(TestMember owner, Dictionary<string, string> shared)
    {
        var workflow = await owner.Publish(Review.Replace("NAME", "Kept", StringComparison.Ordinal));
        return new Dictionary<string, string>(shared)
        {
            ["workflows"] = workflow,
            ["runs"] = await owner.StartRun(workflow, "kept"),
            ["folders"] = await owner.NewFolder("Kept"),
            ["connectors"] = (await owner.Post("/connectors", new { name = "kept", base_url = "https://example.test", authentication = new { type = "none" }, endpoints = Array.Empty<object>() }).Success()).Text("id"),
            ["credentials"] = (await owner.Post("/credentials", new { name = "kept", type = "bearer", allowed_hosts = new[] { "example.test" }, secret = new { token = "kept" } }).Success()).Text("id"),
        };
    }
}
